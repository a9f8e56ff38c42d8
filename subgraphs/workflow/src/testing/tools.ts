import { randomUUID } from 'node:crypto'
import type { EngineTools, ToolCall, Tools } from '../engine/session.ts'
import type { KnowledgeHit } from '../knowledge/knowledge-hit.ts'
import { extractOffline } from '../reasoning/offline-extraction.ts'
import { chooseToolOffline } from '../reasoning/offline-tool-choice.ts'
import type { ReasoningModel } from '../reasoning/reasoning-model.ts'

const EXAMPLES: [text: string, label: string][] = [
  ['Where is the card that I ordered', 'card_arrival'],
  ['I want a refund for the second payment', 'refund_request'],
  ['Please close my account', 'terminate_account'],
]

const usage = { model: 'test', inputTokens: 10, outputTokens: 5, costUsd: '0.00000100' }

/** A model without a network: the best example decides, and "maybe" in the request makes it unsure; the rest as the offline model does. */
export const testModel: ReasoningModel = {
  name: 'test',
  async decide({ text, evidence }) {
    const label = evidence[0]?.label ?? ''
    return { label, confidence: /maybe/i.test(text) ? 0.4 : 0.97, rationale: 'the nearest example', usage }
  },
  async draft({ label, evidence }) {
    return { text: evidence.length === 0 ? '' : `About ${label.replaceAll('_', ' ')}: ${evidence[0]!.text}`, usage }
  },
  async extract({ text, fields }) {
    return { ...extractOffline(text, fields), usage }
  },
  async chooseTool({ text, tools }) {
    return { ...chooseToolOffline(text, tools), usage }
  },
}

type TestTool = (args: Record<string, unknown>, call: ToolCall) => Promise<Record<string, unknown>>

/** Tools by name; `artifact`, unless given, stores nothing. Those that `repeatable` does not name cannot be told from a repetition. */
export function toolsOf(given: Record<string, TestTool> = {}, repeatable?: string[]): Tools {
  const all: Record<string, TestTool> = { artifact: async () => ({ artifactId: randomUUID() }), ...given }
  return {
    describe: async (_organizationId, names) =>
      names
        .filter((name) => all[name] !== undefined)
        .map((name) => ({
          name,
          description: name,
          parameters: { type: 'object' },
          idempotent: repeatable === undefined || repeatable.includes(name),
        })),
    call: async (call) => ({ result: await all[call.tool]!(call.arguments, call) }),
  }
}

/** The smallest tools that behave like real ones: a request finds the examples that share a word with it. Deterministic, without a network. */
export function testTools(): EngineTools {
  return {
    modelNamed: () => testModel,
    embed: async () => [1, 0],
    search: async ({ text, limit }) => {
      const words = new Set(text.toLowerCase().split(/\W+/))
      const hits = EXAMPLES.map(([example, label], index): KnowledgeHit => {
        const shared = example
          .toLowerCase()
          .split(/\W+/)
          .filter((word) => word.length > 3 && words.has(word)).length
        return { documentId: `document-${index}`, title: null, text: example, score: shared / 10, label }
      })
      return hits
        .filter(({ score }) => score > 0)
        .sort((a, b) => b.score - a.score)
        .slice(0, limit)
    },
    knowledgeBase: async () => ({ id: randomUUID(), calibration: { threshold: 0.8 } as never }),
    tools: toolsOf(),
    startRun: () => Promise.reject(new Error('no other workflows here')),
  }
}

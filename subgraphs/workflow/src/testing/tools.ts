import { randomUUID } from 'node:crypto'
import type { EngineTools } from '../engine/session.ts'
import type { KnowledgeHit } from '../knowledge/knowledge-hit.ts'
import { extractOffline } from '../reasoning/offline-extraction.ts'
import { chooseToolOffline } from '../reasoning/offline-tool-choice.ts'

const EXAMPLES: [text: string, label: string][] = [
  ['Where is the card that I ordered', 'card_arrival'],
  ['I want a refund for the second payment', 'refund_request'],
  ['Please close my account', 'terminate_account'],
]

const usage = { model: 'test', inputTokens: 10, outputTokens: 5, costUsd: '0.00000100' }

/**
 * The smallest tools that behave like real ones: a request finds the examples that share a word with it, the best one decides, and
 * "maybe" in the request makes the decision unsure. Fields and tools are read and chosen as by the offline model. Deterministic, and without
 * a network.
 */
export function testTools(): EngineTools {
  return {
    model: {
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
    },
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
    putArtifact: async () => ({ id: randomUUID() }),
    callN8n: null,
  }
}

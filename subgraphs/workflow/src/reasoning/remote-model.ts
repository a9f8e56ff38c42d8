import { z } from 'zod'
import { fromData } from './data-tags.ts'
import { readExtraction } from './extraction.ts'
import { ModelError, SchemaFaultError } from './model-error.ts'
import type { ModelAnswer, ModelCall, ModelProtocol, TokenCount } from './model-protocol.ts'
import { parsedJson, previewOnce } from './model-request.ts'
import { chooseToolPrompt, decidePrompt, draftPrompt, extractPrompt, repairOf } from './prompts.ts'
import { rationalePreview } from './rationale-preview.ts'
import type {
  ChooseToolRequest,
  DecideRequest,
  DraftRequest,
  ExtractRequest,
  ModelDecision,
  ModelDraft,
  ModelExtraction,
  ReasoningModel,
  TokenUsageData,
  ToolChoice,
} from './reasoning-model.ts'
import { safeNames } from './safe-names.ts'
import { costOf } from './token-price.ts'
import { checkedArguments, checkToolSchemas } from './tool-arguments.ts'

const decision = z.object({ label: z.string(), confidence: z.number().min(0).max(1), rationale: z.string() })

/**
 * A model behind a server. It chooses among the labels of the evidence and the tools that are offered, and no others. An answer that does not
 * follow its schema is asked for once more, with what was wrong; both count in the usage.
 */
export class RemoteModel implements ReasoningModel {
  readonly name: string

  constructor(private readonly protocol: ModelProtocol) {
    this.name = protocol.model
  }

  async decide(request: DecideRequest): Promise<ModelDecision> {
    const labels = [...new Set(request.evidence.flatMap(({ label }) => label ?? []))]
    if (labels.length === 0) {
      const rationale = 'No labelled example resembles this text.'
      return { label: '', confidence: 0, rationale, usage: usageOf(this.name, { input: 0, output: 0 }) }
    }
    const { signal } = request
    const onToken = rationalePreview(request.onToken)
    return this.#answered({ ...decidePrompt(request, labels), signal, onToken }, ({ text }) => {
      const chosen = decision.safeParse(jsonIn(text))
      if (!chosen.success)
        throw new SchemaFaultError('It was not an object with "label", "rationale" and a "confidence" from 0 to 1.')
      if (!labels.includes(chosen.data.label)) throw new SchemaFaultError('"label" was none of those to choose from.')
      return { ...chosen.data, rationale: fromData(chosen.data.rationale) }
    })
  }

  async draft(request: DraftRequest): Promise<ModelDraft> {
    const { signal, onToken } = request
    return this.#answered({ ...draftPrompt(request), signal, onToken }, ({ text }) => {
      if (text.trim() === '') throw new ModelError('The model’s answer is empty.', true)
      return { text: fromData(text.trim()) }
    })
  }

  async extract(request: ExtractRequest): Promise<ModelExtraction> {
    const { fields, signal } = request
    if (fields.length === 0) return { values: {}, confidence: 1, missing: [], usage: usageOf(this.name, { input: 0, output: 0 }) }
    return this.#answered({ ...extractPrompt(request), signal }, ({ text }) => readExtraction(jsonIn(text), fields))
  }

  async chooseTool(request: ChooseToolRequest): Promise<ToolChoice> {
    const { tools, signal, onToken } = request
    if (tools.length === 0) {
      const usage = usageOf(this.name, { input: 0, output: 0 })
      return { tool: null, arguments: {}, rationale: 'No tool was offered.', usage }
    }
    checkToolSchemas(tools)
    const names = safeNames(tools.map(({ name }) => name))
    const offered = tools.map((tool, index) => ({ ...tool, name: names[index]! }))
    return this.#answered({ ...chooseToolPrompt(request), tools: offered, signal, onToken }, ({ text, toolCall }) => {
      const rationale = fromData(text.trim()) || 'The model gave no reason.'
      if (toolCall === null) return { tool: null, arguments: {}, rationale }
      const tool = tools[names.indexOf(toolCall.name)]
      if (tool === undefined) throw new ModelError('The model called a tool that it may not use.', false)
      return { tool: tool.name, arguments: restored(checkedArguments(tool, toolCall.json)), rationale }
    })
  }

  async #answered<T>(call: ModelCall, read: (answer: ModelAnswer) => T): Promise<T & { usage: TokenUsageData }> {
    const preview = previewOnce(call.onToken)
    const first = await this.protocol.complete({ ...call, onToken: preview() })
    try {
      return { ...read(first), usage: usageOf(first.model, first.tokens) }
    } catch (error) {
      if (!(error instanceof SchemaFaultError)) throw error
      const second = await this.protocol.complete({ ...repairOf(call, error.fault), onToken: preview() })
      return { ...read(second), usage: usageOf(second.model, sum(first.tokens, second.tokens)) }
    }
  }
}

function usageOf(model: string, tokens: TokenCount): TokenUsageData {
  const { input: inputTokens, output: outputTokens, cachedInput } = tokens
  const cached = cachedInput === undefined ? {} : { cachedInputTokens: cachedInput }
  return { model, inputTokens, outputTokens, ...cached, ...costOf(model, tokens, new Date()) }
}

function sum(first: TokenCount, second: TokenCount): TokenCount {
  const both = (a: number | undefined, b: number | undefined) =>
    a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0)
  return {
    input: first.input + second.input,
    output: first.output + second.output,
    cachedInput: both(first.cachedInput, second.cachedInput),
    cacheWrite: both(first.cacheWrite, second.cacheWrite),
  }
}

/** Servers that know no structured outputs like to put a fence around. */
const jsonIn = (text: string): unknown => parsedJson(/^\s*```(?:json)?\s*\n(.*)\n\s*```\s*$/s.exec(text)?.[1] ?? text)

/** Texts that a model copied into arguments, as they were. */
function restored(value: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value), (_key, item: unknown) => (typeof item === 'string' ? fromData(item) : item)) as Record<
    string,
    unknown
  >
}

import type { Calibration } from '../knowledge/calibration.ts'
import type { KnowledgeHit } from '../knowledge/knowledge-hit.ts'

/** What one call of a model used. `costUsd` is a decimal string. */
export interface TokenUsageData {
  /** The one that answered. */
  model: string
  /** All of it, what the provider had in its cache included. */
  inputTokens: number
  outputTokens: number
  costUsd: string
  /** Of the input, what the provider had in its cache, where it says so. */
  cachedInputTokens?: number
  /** False: the price is not known, and the cost is not 0 but unknown. */
  priced?: boolean
}

/** What every call can be given. */
export interface CallOptions {
  /** Ends the call, which then fails with the signal's reason and is not repeated. */
  signal?: AbortSignal | undefined
  /**
   * Is given what a person would read, as it is written: a draft's text, the rationale of a decision or a choice. A preview: what the call returns counts. When a
   * try breaks off and another one answers, the preview ends there.
   */
  onToken?: ((text: string) => void) | undefined
}

export interface DecideRequest extends CallOptions {
  text: string
  instructions: string
  /** Labelled examples, best first. */
  evidence: KnowledgeHit[]
  calibration: Calibration | null
}

/** `confidence`, 0 to 1, is the probability that the label is right, as far as the model can tell. */
export interface ModelDecision {
  label: string
  confidence: number
  rationale: string
  usage: TokenUsageData
}

export interface DraftRequest extends CallOptions {
  text: string
  label: string
  instructions: string
  evidence: KnowledgeHit[]
}

export interface ModelDraft {
  text: string
  usage: TokenUsageData
}

/** What is to be read out of a text. */
export interface FieldSpec {
  name: string
  /** A number is given as one, a date as `2026-11-25`. */
  type: 'text' | 'number' | 'date' | 'boolean'
  description?: string | undefined
  required?: boolean | undefined
  /** For the offline model: a regular expression (RE2) whose first group, else the whole match, is the value. */
  pattern?: string | undefined
}

export interface ExtractRequest extends CallOptions {
  text: string
  instructions: string
  fields: FieldSpec[]
}

export interface ModelExtraction {
  /** Every field; null where the text does not say it. */
  values: Record<string, unknown>
  confidence: number
  /** The required fields that the text does not say. */
  missing: string[]
  usage: TokenUsageData
}

export interface ToolOffer {
  name: string
  description: string
  /** JSON Schema of an object. */
  parameters: Record<string, unknown>
}

export interface ChooseToolRequest extends CallOptions {
  text: string
  instructions: string
  /** Only these can be chosen, whatever the text or the evidence says. */
  tools: ToolOffer[]
  evidence: KnowledgeHit[]
}

export interface ToolChoice {
  /** Null: none fits. */
  tool: string | null
  /** They fit the tool's schema; empty without a tool. */
  arguments: Record<string, unknown>
  rationale: string
  usage: TokenUsageData
}

/**
 * The port that the steps of a workflow call. Adapters: `OfflineModel`, `RemoteModel` behind either protocol, and `ModelChain` of several.
 * Each operation throws `ModelError`, or the reason of the signal.
 */
export interface ReasoningModel {
  readonly name: string
  /** It runs in this process: what it is told leaves for nowhere. */
  readonly isLocal?: boolean
  decide(request: DecideRequest): Promise<ModelDecision>
  draft(request: DraftRequest): Promise<ModelDraft>
  extract(request: ExtractRequest): Promise<ModelExtraction>
  chooseTool(request: ChooseToolRequest): Promise<ToolChoice>
}

import type { Calibration } from '../knowledge/calibration.ts'
import type { KnowledgeHit } from '../knowledge/knowledge-hit.ts'

/** What one call of a model used. `costUsd` is a decimal string. */
export interface TokenUsageData {
  model: string
  inputTokens: number
  outputTokens: number
  costUsd: string
}

export interface DecideRequest {
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

export interface DraftRequest {
  text: string
  label: string
  instructions: string
  evidence: KnowledgeHit[]
}

export interface ModelDraft {
  text: string
  usage: TokenUsageData
}

/** The port that the nodes of a workflow call; adapters are `offline` and `openai`. */
export interface ReasoningModel {
  readonly name: string
  decide(request: DecideRequest): Promise<ModelDecision>
  draft(request: DraftRequest): Promise<ModelDraft>
}

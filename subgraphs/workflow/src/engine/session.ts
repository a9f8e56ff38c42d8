import type { Calibration } from '../knowledge/calibration.ts'
import type { KnowledgeHit } from '../knowledge/knowledge-hit.ts'
import type { ReasoningModel, TokenUsageData } from '../reasoning/reasoning-model.ts'
import type { RunJournal } from './journal.ts'
import type { LeasedRun } from './lease.ts'

/** What steps reach the world through; `worker.ts` gives the real ones. */
export interface EngineTools {
  model: ReasoningModel
  embed(text: string): Promise<number[]>
  search(query: {
    organizationId: string
    knowledgeBaseId: string
    text: string
    embedding: number[]
    limit: number
  }): Promise<KnowledgeHit[]>
  /** The tenant's base of that name, or null when there is none. */
  knowledgeBase(organizationId: string, name: string): Promise<{ id: string; calibration: Calibration | null } | null>
  /** Stores a result; the same name in the same run is replaced. */
  putArtifact(
    organizationId: string,
    runId: string,
    artifact: { name: string; mediaType: string; body: Buffer },
  ): Promise<{ id: string }>
  /** Calls the configured n8n webhook; null when none is. */
  callN8n: ((call: { idempotencyKey: string; body: unknown }) => Promise<{ status: number }>) | null
}

/** What one organisation's runs reach the world through, as it is when an execution begins. */
export type ToolsOf = (organizationId: string) => Promise<EngineTools>

/** One execution of one run, as its steps see it. */
export interface Session {
  leased: LeasedRun
  tools: EngineTools
  journal: RunJournal
  signal: AbortSignal
  /** The ids of reviews that were decided while the run waited: their step goes on, it does not start. */
  resuming: boolean
}

/** What a step gives: its update of the state, and what is told about it. */
export interface StepResult<U> {
  update: U
  /** A plain sentence for the business. */
  summary: string
  usage?: TokenUsageData | null
}

/** The usage of several calls of one model as one. */
export function sumUsage(first: TokenUsageData, second: TokenUsageData): TokenUsageData {
  return {
    model: first.model,
    inputTokens: first.inputTokens + second.inputTokens,
    outputTokens: first.outputTokens + second.outputTokens,
    costUsd: (Number(first.costUsd) + Number(second.costUsd)).toFixed(8),
  }
}

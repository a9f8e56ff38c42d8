import type { Calibration } from '../knowledge/calibration.ts'
import type { KnowledgeHit } from '../knowledge/knowledge-hit.ts'
import type { RedactionKind } from '../reasoning/redaction.ts'
import type { ReasoningModel, TokenUsageData } from '../reasoning/reasoning-model.ts'
import type { RunNotifier } from '../runs/run-notifier.ts'
import type { RunJournal } from './journal.ts'
import type { LeasedRun } from './lease.ts'
import type { State, StepOutcome } from './state.ts'

/** A tool as a step or a model sees it. */
export interface ToolDescription {
  name: string
  description: string
  /** JSON Schema of its arguments. */
  parameters: Record<string, unknown>
  /** Whether the other side recognises a repetition by its key. */
  idempotent: boolean
}

export interface ToolCall {
  organizationId: string
  runId: string
  node: string
  tool: string
  arguments: Record<string, unknown>
  /** The same in every try of one effect. */
  idempotencyKey: string
  signal: AbortSignal
}

/** The tools of one organisation. */
export interface Tools {
  /** Those of the names that there are. */
  describe(organizationId: string, names: string[]): Promise<ToolDescription[]>
  /** @throws an error with `retryable`, and `unknown` when nobody can tell whether it took effect */
  call(call: ToolCall): Promise<{ result: Record<string, unknown> }>
}

/** What steps reach the world through; `worker.ts` gives the real ones. */
export interface EngineTools {
  /** The model of that name; `default` is the installation's or the organisation's own. */
  modelNamed(name: string, redact: RedactionKind[]): ReasoningModel
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
  tools: Tools
  /** Starts a run of another workflow for a step that waits for it; the same key gives the same run. */
  startRun(child: ChildRun): Promise<{ runId: string }>
}

export interface ChildRun {
  parent: LeasedRun
  workflow: string
  version: number | null
  input: Record<string, unknown>
  idempotencyKey: string
}

/** What one organisation's runs reach the world through, as it is when an execution begins. */
export type ToolsOf = (organizationId: string, notifier: RunNotifier) => Promise<EngineTools>

/** One execution of one run, as its steps see it. */
export interface Session {
  leased: LeasedRun
  tools: EngineTools
  journal: RunJournal
  signal: AbortSignal
  /** Failed attempts by place since it last succeeded, those under this lease included. */
  failed: Record<string, number>
  /** Whether the lease certainly holds at this instant; asked right before anything is done outside. */
  isSure(): boolean
  /** The state that the steps under way began with. */
  state(): State
  /** Steps that were stopped at a question when the run was taken: they go on, they do not start. */
  resuming: string[]
}

/** What a step gives: its result, and what is told about it. */
export interface StepResult {
  result: StepOutcome
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
    cachedInputTokens: (first.cachedInputTokens ?? 0) + (second.cachedInputTokens ?? 0),
    priced: first.priced !== false && second.priced !== false,
  }
}

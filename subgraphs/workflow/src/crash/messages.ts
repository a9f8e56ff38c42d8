/** Where a worker ends itself: before or after its n-th durable statement. */
export interface Death {
  statement: number
  moment: 'before' | 'after'
}

export interface WorkerSettings {
  /** Its name is in the address, as `application_name`: the database records who wrote what. */
  databaseUrl: string
  leaseMs: number
  pollMs: number
  concurrency: number
  death: Death | null
}

/** A tool's call, on its way from a worker to the sink. */
export interface SinkCall {
  tool: string
  /** The idempotency key. */
  key: string
  /** What the effect is to the business: the same for every try, whatever its key. */
  identity: string
}

export interface SinkFault {
  message: string
  retryable: boolean
  unknown?: boolean
}

export type ToWorker =
  | { type: 'go'; settings: WorkerSettings }
  | { type: 'rest' }
  | { type: 'answer'; id: number; result?: Record<string, unknown>; fault?: SinkFault }

/** `loaded`: it has nothing to do and may be told to go. */
export type FromWorker = { type: 'loaded' } | { type: 'call'; id: number; call: SinkCall }

export interface Violations {
  /** Runs that did not reach their one right end with the right output. */
  lostRuns: string[]
  /** Decisions that were answered OK and are not in effect, or not once. */
  lostDecisions: string[]
  /** Effects that were applied more than once, or under two keys, or never. */
  duplicateEffects: string[]
  /** Gaps in a log, and writes of a worker that no longer held the run. */
  staleWrites: string[]
  /** Transitions that are not in the outbox exactly once. */
  lostEvents: string[]
}

export interface TrialReport {
  name: string
  ms: number
  runs: number
  decisions: number
  effects: number
  kills: number
  pauses: number
  restarts: number
  drains: number
  violations: Violations
}

export type ToDriver = { type: 'restarted' }
export type FromDriver = { type: 'restart' } | { type: 'report'; report: TrialReport } | { type: 'failed'; reason: string }

export const noViolations = (): Violations => ({
  lostRuns: [],
  lostDecisions: [],
  duplicateEffects: [],
  staleWrites: [],
  lostEvents: [],
})

import { isGraphBubbleUp } from '@langchain/langgraph'
import type { NodeDefinition, RetryPolicy, WorkflowDefinition } from '../workflows/definition.ts'
import { failureOf, StepError } from './failures.ts'
import { FencedError } from './journal.ts'
import { steps } from './nodes/nodes.ts'
import type { Session } from './session.ts'
import type { State, Update } from './state.ts'

export const DEFAULT_RETRY: RetryPolicy = { maxAttempts: 3, initialMs: 250, factor: 2, maxMs: 5_000 }

/** Thrown by a failed attempt of a step; LangGraph tries again unless it is final. */
export class AttemptError extends Error {
  override name = 'AttemptError'

  constructor(
    readonly failure: ReturnType<typeof failureOf>,
    readonly final: boolean,
    cause: unknown,
  ) {
    super(failure.reason, { cause })
  }
}

/** Performs one attempt of a step and tells all about it: LangGraph's streams say nothing of failed attempts. */
export class StepRunner {
  constructor(
    private readonly definition: WorkflowDefinition,
    private readonly node: NodeDefinition,
  ) {}

  /** @param attempt of this execution, from 1; those that failed under an earlier worker are added */
  async run(state: State, session: Session, attemptHere: number): Promise<Update> {
    const { node, definition } = this
    const before = session.leased.attempts[node.name] ?? 0
    const attempt = before + attemptHere
    const resuming = session.resuming && node.kind === 'review'
    const started = performance.now()
    if (resuming) session.resuming = false
    else
      session.journal.note(
        {
          kind: 'NODE_STARTED',
          status: 'RUNNING',
          node: node.name,
          agent: node.agent ?? null,
          attempt,
          summary: this.#startOf(attempt),
        },
        true,
      )
    try {
      session.signal.throwIfAborted()
      const { update, summary, usage } = await steps[node.kind](state, { session, definition, node })
      const durationMs = performance.now() - started
      session.journal.note({
        ...this.#base(attempt),
        kind: 'NODE_FINISHED',
        durationMs,
        summary,
        usage: usage ?? null,
        stateDiff: update,
      })
      delete session.leased.attempts[node.name]
      return update
    } catch (error) {
      if (isGraphBubbleUp(error) || error instanceof FencedError || session.signal.aborted) throw error
      throw await this.#failed(error, session, attempt, performance.now() - started)
    }
  }

  async #failed(error: unknown, { journal }: Session, attempt: number, durationMs: number): Promise<AttemptError> {
    const { maxAttempts } = this.node.retry ?? DEFAULT_RETRY
    const failure = failureOf(error, this.node.name, attempt)
    const final = !failure.retryable || attempt >= maxAttempts
    const base = this.#base(attempt)
    journal.note({ ...base, kind: 'NODE_FAILED', durationMs, failure, summary: failure.reason })
    if (!final) {
      const wait = `${(this.delayMs(attempt) / 1000).toFixed(1)} s`
      journal.note({
        ...base,
        kind: 'RETRY_SCHEDULED',
        status: 'RETRYING',
        summary: `Tries again in ${wait} (try ${attempt + 1} of ${maxAttempts}).`,
      })
    }
    await journal.flush({ patch: { attempts: { [this.node.name]: attempt } } })
    return new AttemptError(failure, final, error instanceof StepError ? (error.cause ?? error) : error)
  }

  /** As LangGraph waits between two attempts. */
  delayMs(attempt: number): number {
    const { initialMs, factor, maxMs } = this.node.retry ?? DEFAULT_RETRY
    return Math.min(maxMs, initialMs * factor ** (attempt - 1))
  }

  #base(attempt: number) {
    return { status: 'RUNNING' as const, node: this.node.name, agent: this.node.agent ?? null, attempt }
  }

  #startOf(attempt: number): string {
    const { name, agent } = this.node
    const who = agent === undefined ? `The step "${name}"` : `${agent} (step "${name}")`
    return attempt === 1 ? `${who} begins.` : `${who} tries again (try ${attempt}).`
  }
}

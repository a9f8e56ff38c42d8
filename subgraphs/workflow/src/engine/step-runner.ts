import { isGraphBubbleUp, type LangGraphRunnableConfig } from '@langchain/langgraph'
import type { NodeDefinition, NodeKind, RetryPolicy, WorkflowDefinition } from '../workflows/definition.ts'
import { checkBudgets, type Usage } from './budget.ts'
import { failureOf, StepError } from './failures.ts'
import { FencedError, type TransitionDraft } from './flusher.ts'
import type { Step } from './nodes/node.ts'
import { steps } from './nodes/nodes.ts'
import type { Session, StepResult } from './session.ts'
import { itemKey, valuesOf, type MapItem, type State, type Update } from './state.ts'

export const DEFAULT_RETRY: RetryPolicy = { maxAttempts: 3, initialMs: 250, factor: 2, maxMs: 5_000 }
const DEFAULT_TIMEOUT_MS = 120_000
/** Kinds that only work something out: after a crash they come to the same again, so what they gave need not be written before the next step. */
const REPEATABLE: ReadonlySet<NodeKind> = new Set(['plan', 'transform', 'branch', 'map', 'reflect'])

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

/** Performs attempts of one step and tells all about them: LangGraph's streams say nothing of failed attempts. */
export class StepRunner {
  constructor(
    private readonly definition: WorkflowDefinition,
    private readonly node: NodeDefinition,
    private readonly session: Session,
  ) {}

  /**
   * @param config LangGraph's: its attempts are those of this execution; those that failed under an earlier worker are added
   * @param item for the body of a parallel map
   */
  async run(state: State, config: LangGraphRunnableConfig, item?: MapItem): Promise<Update> {
    const { session, node } = this
    const place = item === undefined ? node.name : itemKey(node.name, item.index)
    const attempt = (session.leased.attempts[place] ?? 0) + (config.executionInfo?.nodeAttempt ?? 1)
    const visit = (item === undefined ? (state.visits[node.name] ?? 0) : (state.visits[item.map] ?? 1) - 1) + 1
    const started = performance.now()
    this.#begin(attempt, item?.index)
    try {
      session.signal.throwIfAborted()
      checkBudgets(this.definition, session.leased, node.name, visit)
      const task = `${node.name}#${visit}${item === undefined ? '' : `[${item.index}]`}`
      const step = await this.#perform(state, task, config, item)
      this.#finish(step, place, attempt, item?.index, performance.now() - started)
      delete session.leased.attempts[place]
      delete session.failed[place]
      return { results: { [place]: step.result }, ...(item === undefined ? { visits: { [node.name]: 1 } } : {}) }
    } catch (error) {
      if (isGraphBubbleUp(error) || error instanceof FencedError || session.signal.aborted) throw error
      throw await this.#failed(error, place, attempt, item?.index, performance.now() - started)
    }
  }

  /** A step that goes on from an answer was told when it began. */
  #begin(attempt: number, item: number | undefined) {
    const { journal, resuming } = this.session
    const waited = resuming.indexOf(this.node.name)
    if (waited !== -1) resuming.splice(waited, 1)
    else journal.note({ ...this.#base(attempt, item), kind: 'NODE_STARTED', summary: this.#startOf(attempt) }, true)
  }

  async #perform(state: State, task: string, config: LangGraphRunnableConfig, item: MapItem | undefined): Promise<StepResult> {
    const { session, definition, node } = this
    const limitMs = node.timeoutMs ?? DEFAULT_TIMEOUT_MS
    const late = new AbortController()
    const timedOut = Promise.withResolvers<never>()
    const timer = setTimeout(() => {
      const error = new StepError('TIMEOUT', `The step "${node.name}" took longer than ${limitMs / 1000} s.`, true)
      late.abort(error)
      timedOut.reject(error)
    }, limitMs)
    const context = {
      session,
      definition,
      node: node as never,
      values: valuesOf(definition, state, item),
      task,
      config,
      signal: AbortSignal.any([session.signal, late.signal]),
    }
    try {
      return await Promise.race([(steps[node.kind] as Step<typeof node.kind>)(context), timedOut.promise])
    } finally {
      clearTimeout(timer)
    }
  }

  #finish({ result, summary, usage }: StepResult, place: string, attempt: number, item: number | undefined, durationMs: number) {
    const { journal, leased } = this.session
    if (usage != null) spend(leased.spent, usage)
    journal.mustKeep ||= !REPEATABLE.has(this.node.kind)
    journal.hold(place, {
      ...this.#base(attempt, item),
      kind: 'NODE_FINISHED',
      durationMs,
      summary,
      usage: usage ?? null,
      stateDiff: { [this.node.name]: result },
    })
  }

  async #failed(
    error: unknown,
    place: string,
    attempt: number,
    item: number | undefined,
    durationMs: number,
  ): Promise<AttemptError> {
    const { maxAttempts } = this.node.retry ?? DEFAULT_RETRY
    const { journal, leased, failed } = this.session
    failed[place] = attempt
    const failure = failureOf(error, leased, this.node.name, attempt)
    const final = !failure.retryable || attempt >= maxAttempts
    const base = this.#base(attempt, item)
    const told: TransitionDraft[] = [{ ...base, kind: 'NODE_FAILED', durationMs, failure, summary: failure.reason }]
    if (!final) {
      const wait = `${(this.delayMs(attempt) / 1000).toFixed(1)} s`
      told.push({
        ...base,
        kind: 'RETRY_SCHEDULED',
        status: 'RETRYING',
        summary: `Tries again in ${wait} (try ${attempt + 1} of ${maxAttempts}).`,
      })
    }
    await journal.flush({ patch: { attempts: { ...failed }, spent: leased.spent }, transitions: told })
    return new AttemptError(failure, final, error instanceof StepError ? (error.cause ?? error) : error)
  }

  /** As LangGraph waits between two attempts. */
  delayMs(attempt: number): number {
    const { initialMs, factor, maxMs } = this.node.retry ?? DEFAULT_RETRY
    return Math.min(maxMs, initialMs * factor ** (attempt - 1))
  }

  #base(attempt: number, item: number | undefined) {
    return { status: 'RUNNING' as const, node: this.node.name, item, agent: this.node.agent ?? null, attempt }
  }

  #startOf(attempt: number): string {
    const { name, agent } = this.node
    const who = agent === undefined ? `The step "${name}"` : `${agent} (step "${name}")`
    return attempt === 1 ? `${who} begins.` : `${who} tries again (try ${attempt}).`
  }
}

function spend(spent: { tokens: number; costUsd: number }, { inputTokens, outputTokens, costUsd }: Usage) {
  spent.tokens += inputTokens + outputTokens
  spent.costUsd += Number(costUsd)
}

import { Command, isGraphDrained, RunControl } from '@langchain/langgraph'
import type { Pool } from 'pg'
import type { Logger } from '@signalbox/shared/logger'
import { isConnectionFailure } from '../tenant.ts'
import type { RunNotifier } from '../runs/run-notifier.ts'
import { CheckpointHistory } from './checkpoint-history.ts'
import { RunCheckpointSaver } from './checkpoint-saver.ts'
import { failureOf, StepError } from './failures.ts'
import { DOUBT } from './interrupts.ts'
import { Graphs } from './graph.ts'
import { FencedError, Flusher } from './flusher.ts'
import { RunJournal } from './journal.ts'
import type { LeasedRun, Leases } from './lease.ts'
import { outcomeOf } from './outcome.ts'
import type { Session, ToolsOf } from './session.ts'
import type { State } from './state.ts'
import { AttemptError } from './step-runner.ts'

/** A run that takes its worker down more often than this, without getting on meanwhile, is not given to another one. */
const MAX_TAKEOVERS = 5

export interface ExecutorOptions {
  pool: Pool
  log: Logger
  leases: Leases
  notifier: RunNotifier
  tools: ToolsOf
}

/** Executes runs that were taken: drives the graph to its end, to a question or to a failure, and says so. */
export class Executor {
  readonly #controls = new Set<RunControl>()
  readonly #graphs = new Graphs()
  readonly #flusher: Flusher

  constructor(private readonly options: ExecutorOptions) {
    this.#flusher = new Flusher(options.pool)
  }

  /** Never rejects. `onStepsOver` is called when nothing is left but to write how they ended. */
  async execute(leased: LeasedRun, onStepsOver: () => void): Promise<void> {
    const { log, notifier, leases } = this.options
    const { organizationId, runId } = leased
    try {
      notifier.moved(organizationId, runId)
      await this.#drive(leased, onStepsOver)
    } catch (error) {
      leases.survive(leased)
      if (error instanceof FencedError) log.info({ runId }, 'the run was taken over or ended elsewhere')
      else
        log.warn(
          { err: error, runId, outage: isConnectionFailure(error) },
          'the execution broke off; the lease ends and a worker takes over',
        )
    }
  }

  /** Asks every run to stop after its current step; it is queued again from there. */
  drain() {
    for (const control of this.#controls) control.requestDrain()
  }

  async #drive(leased: LeasedRun, onStepsOver: () => void) {
    const { pool, leases, notifier, tools } = this.options
    const { organizationId, runId } = leased
    const control = new RunControl()
    const lease = leases.hold(leased, () => control.requestDrain())
    this.#controls.add(control)
    const journal = new RunJournal(this.#flusher, leased, () => notifier.moved(organizationId, runId))
    try {
      if (leased.pauseRequested) return void (await journal.yield())
      if (leased.takeovers > MAX_TAKEOVERS) return await giveUp(leased, journal)
      const saver = new RunCheckpointSaver(leased, journal, new CheckpointHistory(pool, leased))
      const session: Session = {
        leased,
        tools: await tools(organizationId, notifier),
        journal,
        signal: lease.signal,
        isSure: lease.isSure,
        failed: { ...leased.attempts },
        state: () => saver.state,
        resuming: leased.interrupts.map(({ node }) => node),
      }
      await this.#invoke(session, saver, control, onStepsOver)
    } finally {
      this.#controls.delete(control)
      await journal.close()
      lease.release()
    }
  }

  async #invoke(session: Session, saver: RunCheckpointSaver, control: RunControl, onStepsOver: () => void) {
    const { leased, journal, signal } = session
    const { definition } = leased
    const input = resumeOf(leased) ?? (leased.checkpoint === null ? { input: leased.input } : null)
    try {
      const graph = this.#graphs.of(leased.versionId, definition, saver)
      const options = { durability: 'sync', recursionLimit: definition.budgets.steps, signal, control } as const
      const configurable = { thread_id: leased.runId, session }
      const state = await graph.invoke(input as never, { ...options, configurable }).finally(onStepsOver)
      if (saver.interrupted) await this.#giveBack(journal.park())
      else await succeed(leased, journal, state)
    } catch (error) {
      if (signal.aborted) throw new FencedError('the lease was lost')
      if (error instanceof FencedError) throw error
      if (isGraphDrained(error)) await this.#giveBack(journal.yield())
      else if (error instanceof AttemptError || error instanceof StepError) await fail(leased, journal, error)
      else await this.#unexpected(error, leased, journal)
    }
  }

  async #giveBack(queued: Promise<boolean>) {
    if (await queued) this.options.notifier.queued()
  }

  /** A lost database leaves the run to its lease; a fault of ours ends it, rather than going round for ever. */
  async #unexpected(error: unknown, leased: LeasedRun, journal: RunJournal) {
    const { runId, definition } = leased
    if (isConnectionFailure(error)) throw error
    if ((error as Error).name === 'GraphRecursionError') {
      await fail(leased, journal, new StepError('BUDGET', `The run took more than ${definition.budgets.steps} steps.`, false))
      return
    }
    this.options.log.error({ err: error, runId }, 'the graph failed')
    await fail(leased, journal, error)
  }
}

const RELEASED = { leaseOwner: null }

function succeed({ definition, spent }: LeasedRun, journal: RunJournal, state: State) {
  const { output, automated } = outcomeOf(definition, state)
  const summary = automated ? 'Done without a person.' : 'Done, decided by a person.'
  return journal.flush({
    patch: { ...RELEASED, output, failure: null, automated, spent, finishedAt: new Date() },
    transitions: [{ kind: 'SUCCEEDED', status: 'SUCCEEDED', summary }],
  })
}

/** The count begins anew when a person tries again. */
function giveUp(leased: LeasedRun, journal: RunJournal) {
  const reason = `Its worker was lost ${leased.takeovers} times in a row at the same step, so no other one takes it.`
  return fail(leased, journal, new StepError('PLATFORM', reason, true), { takeovers: -leased.takeovers, attempts: {} })
}

function fail(leased: LeasedRun, journal: RunJournal, error: unknown, patch: object = {}) {
  const failure = error instanceof AttemptError ? error.failure : failureOf(error, leased)
  const help = failure.retryable ? 'Trying again may help.' : 'Trying again does not help without a change.'
  const node = failure.node === null ? {} : { node: failure.node }
  return journal.flush({
    patch: { ...RELEASED, ...patch, failure, finishedAt: new Date() },
    transitions: [{ kind: 'FAILED', status: 'FAILED', ...node, failure, summary: `${failure.reason} ${help}` }],
  })
}

/**
 * The answers that the questions of the latest checkpoint got, by id: one that comes without an id would answer every question. Those about
 * effects in doubt are looked up by the effects themselves.
 */
function resumeOf({ interrupts }: LeasedRun): Command | null {
  const answered = interrupts.filter(({ answered, interruptId }) => answered && !interruptId.includes(DOUBT))
  if (answered.length === 0) return null
  return new Command({ resume: Object.fromEntries(answered.map(({ interruptId, answer }) => [interruptId, answer])) })
}

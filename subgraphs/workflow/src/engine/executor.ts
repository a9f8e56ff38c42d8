import { Command, isGraphDrained, RunControl } from '@langchain/langgraph'
import type { Pool } from 'pg'
import type { Logger } from '@signalbox/shared/logger'
import { isConnectionFailure } from '../tenant.ts'
import type { RunNotifier } from '../runs/run-notifier.ts'
import { RunCheckpointSaver } from './checkpoint-saver.ts'
import { failureOf } from './failures.ts'
import { compileGraph, RECURSION_LIMIT } from './graph.ts'
import { FencedError, RunJournal } from './journal.ts'
import type { LeasedRun, Leases } from './lease.ts'
import type { ReviewAnswer } from './review-request.ts'
import type { Session, ToolsOf } from './session.ts'
import { outputOf, type State } from './state.ts'
import { AttemptError } from './step-runner.ts'

/** A run that takes its worker down this often is not given to another one. */
const MAX_TAKEOVERS = 5

export interface ExecutorOptions {
  pool: Pool
  log: Logger
  leases: Leases
  notifier: RunNotifier
  tools: ToolsOf
}

/** Executes runs: takes the lease, drives the graph to its end, to a question or to a failure, and says so. */
export class Executor {
  readonly #controls = new Set<RunControl>()

  constructor(private readonly options: ExecutorOptions) {}

  /** Does nothing when the run is not to be executed now or somebody else holds it. Never rejects. */
  async execute(organizationId: string, runId: string): Promise<void> {
    const { leases, log, notifier } = this.options
    try {
      const leased = await leases.take(organizationId, runId)
      if (leased === undefined) return
      notifier.moved(organizationId, runId)
      await this.#drive(leased)
    } catch (error) {
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

  async #drive(leased: LeasedRun) {
    const { pool, leases, notifier, tools } = this.options
    const { organizationId, runId } = leased
    const ownTools = await tools(organizationId)
    const lease = leases.hold(runId)
    const control = new RunControl()
    this.#controls.add(control)
    const journal = new RunJournal(pool, leased, () => notifier.moved(organizationId, runId))
    const resume = resumeOf(leased)
    const session: Session = { leased, tools: ownTools, journal, signal: lease.signal, resuming: resume !== null }
    try {
      if (leased.takeovers > MAX_TAKEOVERS) return await fail(journal, new Error('every worker that took this run was lost'))
      await this.#invoke(session, control, resume)
    } finally {
      this.#controls.delete(control)
      await journal.close()
      lease.release()
    }
  }

  async #invoke(session: Session, control: RunControl, resume: Command | null) {
    const { leased, journal, signal } = session
    const saver = new RunCheckpointSaver(leased, journal)
    const graph = compileGraph(leased.definition, session, saver)
    const input = resume ?? (leased.checkpoint === null ? { request: leased.input } : null)
    try {
      const state = await graph.invoke(input as never, {
        configurable: { thread_id: leased.runId },
        durability: 'sync',
        recursionLimit: RECURSION_LIMIT,
        signal,
        control,
      })
      if (saver.interrupted === undefined) await succeed(journal, state)
    } catch (error) {
      if (error instanceof FencedError || signal.aborted) throw error
      if (isGraphDrained(error)) await requeue(journal)
      else if (error instanceof AttemptError) await fail(journal, error)
      else await this.#unexpected(error, journal, leased.runId)
    }
  }

  /** A lost database leaves the run to its lease; a fault of ours ends it, rather than going round for ever. */
  async #unexpected(error: unknown, journal: RunJournal, runId: string) {
    if (isConnectionFailure(error)) throw error
    this.options.log.error({ err: error, runId }, 'the graph failed')
    await fail(journal, error)
  }
}

const RELEASED = { leaseOwner: null }

function succeed(journal: RunJournal, state: State) {
  const output = outputOf(state)
  const how = output.automated
    ? 'without a person'
    : output.action === 'rejected'
      ? 'rejected by a person'
      : 'decided by a person'
  journal.note({ kind: 'SUCCEEDED', status: 'SUCCEEDED', summary: `Done: ${output.intent}, ${output.action}, ${how}.` })
  return journal.flush({ patch: { ...RELEASED, output, failure: null, automated: output.automated, finishedAt: new Date() } })
}

function fail(journal: RunJournal, error: unknown) {
  const failure = error instanceof AttemptError ? error.failure : failureOf(error, null, null)
  const help = failure.retryable ? 'Trying again may help.' : 'Trying again does not help without a change.'
  journal.note({
    kind: 'FAILED',
    status: 'FAILED',
    ...(failure.node === null ? {} : { node: failure.node }),
    failure,
    summary: `${failure.reason} ${help}`,
  })
  return journal.flush({ patch: { ...RELEASED, failure, finishedAt: new Date() } })
}

/** The worker stops: the run waits for another one, which finds it at once because its lease has ended. */
function requeue(journal: RunJournal) {
  journal.note({
    kind: 'QUEUED',
    status: 'QUEUED',
    summary: 'The worker is being stopped; another one goes on from the last saved step.',
  })
  return journal.flush({ patch: { ...RELEASED, leaseMs: 0 } })
}

/** The decision that the interrupt of the latest checkpoint waits for, by its id: an answered id sent again could answer the next one. */
function resumeOf({ reviews, checkpointId }: LeasedRun): Command | null {
  const decided = reviews.find((review) => review.status === 'DECIDED' && review.checkpointId === checkpointId)
  if (decided === undefined) return null
  const answer: ReviewAnswer = {
    reviewId: decided.id,
    action: decided.action as ReviewAnswer['action'],
    value: decided.value,
    comment: decided.comment,
  }
  return new Command({ resume: { [decided.interruptId]: answer } })
}

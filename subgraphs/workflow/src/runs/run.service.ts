import type { Audit, AuditAction } from '@signalbox/shared/audit'
import { decodeCursor, pageSize, toConnection } from '@signalbox/shared/connection'
import { BadUserInputError, ForbiddenError, NotFoundError } from '@signalbox/shared/errors'
import { isUuid } from '@signalbox/shared/ids'
import { actorRef } from '@signalbox/shared/actor'
import { batched, keyed } from '../batch.ts'
import { toJson, toText } from '../json.ts'
import { checkId, type Tenant, type Transaction } from '../tenant.ts'
import type { WorkflowService } from '../workflows/workflow.service.ts'
import { announceRuns, createRuns, type RunItem, type RunKey } from './create-runs.ts'
import type { RunNotifier } from './run-notifier.ts'
import { refusable } from './refusal.ts'
import { RunTrigger } from './run-status.ts'
import { Run } from './run.entity.ts'
import { RetryFrom, RunOrder, type RunFilter, type RunPageArgs, type StartRunInput, type StartRunsInput } from './run.inputs.ts'
import { runCountQuery, runPageQuery } from './run.queries.ts'

const MAX_BATCH = 100

/** Starts, stops and lists runs. Every change goes through the engine's SQL functions, which number the transitions. */
export class RunService {
  constructor(
    private readonly tenant: Tenant,
    private readonly workflows: WorkflowService,
    private readonly notifier: RunNotifier,
    private readonly audit: Audit,
  ) {}

  readonly byId = batched((ids) => this.#load(ids))

  /** @throws {NotFoundError} for an unknown id and for another organisation's alike */
  async find(id: string): Promise<Run> {
    const run = await this.byId(checkId(id, 'run'))
    if (run === undefined) throw new NotFoundError('run')
    return run
  }

  async list(args: RunPageArgs) {
    const filter = await this.resolved(args.filter ?? {})
    const readable = this.tenant.viewer.organizationIds
    const backwards = args.last != null && args.first == null
    const size = backwards ? pageSize(args.last, 'last') : pageSize(args.first)
    const { sql, parameters } = runPageQuery(readable, filter, {
      order: args.orderBy ?? RunOrder.NEWEST_FIRST,
      limit: size + 1,
      after: args.after == null ? undefined : cursorId(args.after, 'after'),
      before: args.before == null ? undefined : cursorId(args.before, 'before'),
      backwards,
    })
    const rows = await this.tenant.transaction(async ({ em, query }) =>
      (await query<object>(sql, parameters)).map((row) => em.map(Run, row)),
    )
    const more = rows.length > size
    const page = backwards ? rows.slice(0, size).reverse() : rows.slice(0, size)
    const connection = toConnection(
      page,
      size,
      (run) => run.id,
      () => this.#count(readable, filter),
    )
    connection.pageInfo.hasNextPage = backwards ? args.before != null : more
    connection.pageInfo.hasPreviousPage = backwards ? more : args.after != null
    return connection
  }

  /** The first run with its idempotency key, or a new one, queued in the transaction that creates it. */
  async start({ workflow, version, trigger, ...item }: StartRunInput): Promise<{ run: Run; created: boolean }> {
    const { runs, created } = await this.#create({ workflow, version: version ?? null, trigger, items: [item] }, () => 'input')
    return { run: runs[0]!, created: created === 1 }
  }

  startMany({ workflow, version, trigger, items }: StartRunsInput): Promise<{ runs: Run[]; created: number }> {
    if (items.length === 0 || items.length > MAX_BATCH) {
      throw new BadUserInputError(`Give 1 to ${MAX_BATCH} items.`, [{ path: 'items', message: `1 to ${MAX_BATCH}` }])
    }
    return this.#create({ workflow, version: version ?? null, trigger, items }, (index) => `items.${index}.input`)
  }

  /** Stops a run for good, with the runs that it waits for: open reviews are withdrawn, and a worker that executes it is told and fenced off. */
  async cancel(runId: string, reason: string | null): Promise<Run> {
    const summary = reason
      ? `A person cancelled the run: ${reason}${/[.!?]$/.test(reason) ? '' : '.'}`
      : 'A person cancelled the run.'
    const cancelled = await this.act(runId, 'run.cancelled', async (run, { query }) => {
      const rows = await query<{ id: string }>('select * from workflow.cancel_run($1, $2, $3, $4) as id', [
        run.organizationId,
        run.id,
        toJson(actorRef(this.tenant.viewer)),
        toText(summary),
      ])
      return rows.map(({ id }) => ({ organizationId: run.organizationId, id }))
    })
    for (const run of cancelled) this.announce(run)
    this.notifier.control()
    return this.find(runId)
  }

  /** Queues a run that failed or expired again, from its failed step or from the start; what it did outside is not repeated. */
  async retry(runId: string, from: RetryFrom = RetryFrom.FAILED_STEP): Promise<Run> {
    await this.act(runId, 'run.retried', (run, { query }) =>
      query('select workflow.retry_run($1, $2, $3, $4)', [
        run.organizationId,
        run.id,
        toJson(actorRef(this.tenant.viewer)),
        from === RetryFrom.START,
      ]),
    )
    this.notifier.queued()
    return this.find(runId)
  }

  /**
   * What a person does to a run, locked, with its entry in the audit trail; subscribers are told.
   * @throws {ConflictError} when it is not possible as the run stands
   */
  async act<T>(runId: string, action: AuditAction, work: (run: Run, transaction: Transaction) => Promise<T>): Promise<T> {
    const [run, outcome] = await this.tenant.transaction(async (transaction) => {
      const locked = await this.lock(transaction, runId)
      const done = await refusable(() => work(locked, transaction))
      const target = { type: 'Run', id: locked.id }
      await this.audit.record(transaction.em, locked.organizationId, { action, outcome: 'ALLOWED', target })
      return [locked, done] as const
    })
    this.announce(run)
    return outcome
  }

  /** Within a transaction: the run waits for a worker again. */
  requeue(transaction: Transaction, run: RunKey, patch: object, transitions: object[]): Promise<void> {
    return this.advance(transaction, run, { ...patch, status: 'QUEUED', leaseOwner: null }, transitions)
  }

  /** Within a transaction: numbers the transitions, with the caller as their actor, and appends the event. */
  async advance({ query }: Transaction, { organizationId, id }: RunKey, patch: object, transitions: object[]): Promise<void> {
    const actor = actorRef(this.tenant.viewer)
    const parameters = [organizationId, id, toJson(patch), toJson(transitions.map((transition) => ({ actor, ...transition })))]
    await query('select workflow.advance($1, $2, null, $3, $4)', parameters)
  }

  /** Tells subscribers, and workers when it was queued, after commit. */
  announce(run: RunKey, queued = false) {
    this.notifier.moved(run.organizationId, run.id)
    if (queued) this.notifier.queued()
  }

  /**
   * The run, locked, for a change in the active organisation.
   * @throws {NotFoundError} {ForbiddenError} when the viewer may read it but acts for another organisation
   */
  async lock({ em, query }: Transaction, runId: string): Promise<Run> {
    const [row] = await query<object>('select * from workflow.runs where id = $1 and organization_id = $2 for update', [
      checkId(runId, 'run'),
      this.tenant.viewer.organizationId,
    ])
    if (row !== undefined) return em.map(Run, row)
    const [readable] = await query('select from workflow.runs where id = $1', [runId])
    throw readable === undefined
      ? new NotFoundError('run')
      : new ForbiddenError('Switch to the organisation of this run to change it.')
  }

  async #create({ workflow: name, version: number, trigger, items }: CreateRuns, pathOf: (index: number) => string) {
    const { viewer } = this.tenant
    const outcome = await this.tenant.transaction(async (transaction) =>
      createRuns(transaction, {
        ...(await this.workflows.versionToStart(transaction, name, number)),
        organizationId: viewer.organizationId,
        trigger: trigger ?? (viewer.actorKind === 'USER' ? RunTrigger.DASHBOARD : RunTrigger.API),
        actor: actorRef(viewer),
        items,
        pathOf,
      }),
    )
    announceRuns(this.notifier, outcome.fresh)
    return outcome
  }

  /** With ids of workflows instead of slugs. */
  async resolved(filter: RunFilter): Promise<RunFilter> {
    return filter.workflow == null
      ? filter
      : Object.assign({}, filter, { workflow: await this.workflows.resolve(filter.workflow) })
  }

  async #count(readable: string[], filter: RunFilter): Promise<number> {
    const { sql, parameters } = runCountQuery(readable, filter)
    const [row] = await this.tenant.transaction(({ query }) => query<{ count: number }>(sql, parameters))
    return row!.count
  }

  async #load(ids: string[]): Promise<Map<string, Run>> {
    return keyed(await this.tenant.transaction(({ em }) => em.find(Run, { id: { $in: ids.filter(isUuid) } })), 'id')
  }
}

interface CreateRuns {
  workflow: string
  version: number | null
  trigger?: RunTrigger | null | undefined
  items: RunItem[]
}

function cursorId(cursor: string, path: string): string {
  const id = decodeCursor<unknown>(cursor, path)
  if (typeof id !== 'string' || !isUuid(id))
    throw new BadUserInputError('The cursor is not one that this list gave.', [{ path, message: 'not a cursor of this list' }])
  return id
}

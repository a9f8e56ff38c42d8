import { createHash } from 'node:crypto'
import { actorRef } from '@signalbox/shared/actor'
import type { Audit } from '@signalbox/shared/audit'
import { decodeCursor, encodeCursor, pageSize, toConnection } from '@signalbox/shared/connection'
import { BadUserInputError, NotFoundError, PreconditionFailedError } from '@signalbox/shared/errors'
import { toJson, toText } from '../json.ts'
import type { RunStatus } from '../runs/run-status.ts'
import { Run } from '../runs/run.entity.ts'
import type { RunFilter } from '../runs/run.inputs.ts'
import { runSetQuery } from '../runs/run.queries.ts'
import type { RunService } from '../runs/run.service.ts'
import { checkId, type Tenant, type Transaction } from '../tenant.ts'
import { POSSIBLE, refusalOf } from './bulk-rules.ts'
import { type BulkAction, BulkOperation, type BulkPreview, type BulkRefusal, type BulkRunsInput } from './bulk.types.ts'

const SAMPLE = 5
const MAX_RUNS = 100_000

/** Does one thing to many runs of the active organisation: says first what it would be, then works through them in the background. */
export class BulkService {
  constructor(
    private readonly tenant: Tenant,
    private readonly runs: RunService,
    private readonly audit: Audit,
  ) {}

  async preview(given: RunFilter, action: BulkAction): Promise<BulkPreview> {
    const { organizationId } = this.tenant.viewer
    const set = runSetQuery(organizationId, await this.runs.resolved(given))
    const { groups, sample } = await this.tenant.snapshot(async ({ em, query }) => ({
      groups: await query<{ status: RunStatus; workflow_id: string; count: number }>(
        `select r.status, r.workflow_id, count(*)::int as count ${set.sql} group by 1, 2`,
        set.parameters,
      ),
      sample: await query<object>(
        `select r.* ${set.sql} and r.status = any ($${set.parameters.length + 1}::text[]) order by r.id limit ${SAMPLE}`,
        [...set.parameters, POSSIBLE[action]],
      ).then((rows) => rows.map((row) => em.map(Run, row))),
    }))
    const possible = groups.filter(({ status }) => POSSIBLE[action].includes(status))
    const count = total(possible)
    return {
      action,
      count,
      byStatus: tally(possible, ({ status }) => status).map(([status, n]) => ({ status, count: n })),
      byWorkflow: tally(possible, (group) => group.workflow_id).map(([workflowId, n]) => ({ workflowId, count: n })),
      refusals: tally(
        groups.filter((group) => !possible.includes(group)),
        ({ status }) => refusalOf(action, status),
      ).map(([reason, n]) => ({ reason, count: n })),
      sample,
      token: encodeCursor({ count, of: markOf(given, action) }),
    }
  }

  /**
   * Fixes the set of runs and leaves them to the workers, oldest first.
   * @throws {PreconditionFailedError} when there are more than the preview, or the caller, counted
   */
  async start(input: BulkRunsInput): Promise<BulkOperation> {
    const { action, filter, reason } = input
    const expected = expectedOf(input)
    const resolved = await this.runs.resolved(filter)
    if ((reason?.length ?? 0) > 500)
      throw new BadUserInputError('The reason is too long.', [{ path: 'reason', message: 'must have at most 500 characters' }])
    return this.tenant.transaction(async (transaction) => {
      const operation = await this.#open(transaction, action, filter, reason?.trim() || null)
      const total = await this.#gather(transaction, operation, resolved)
      if (total > expected)
        throw new PreconditionFailedError(`There are ${total} runs by now, more than the ${expected} that you looked at.`, {
          count: total,
        })
      if (total === 0)
        throw new BadUserInputError('There is no run to do this to.', [{ path: 'filter', message: 'matches none' }])
      if (total > MAX_RUNS)
        throw new BadUserInputError('These are too many runs for one go.', [
          { path: 'filter', message: `must match at most ${MAX_RUNS} runs` },
        ])
      await transaction.query('update workflow.bulk_operations set total = $3 where organization_id = $1 and id = $2', [
        operation.organizationId,
        operation.id,
        total,
      ])
      await this.audit.record(transaction.em, operation.organizationId, {
        action: 'runs.acted_on',
        outcome: 'ALLOWED',
        target: { type: 'BulkOperation', id: operation.id },
        details: { what: action, runs: total },
      })
      return Object.assign(operation, { total })
    })
  }

  /** @throws {NotFoundError} */
  async find(id: string): Promise<BulkOperation> {
    const [row] = await this.tenant.transaction(({ query }) =>
      query<Row>('select * from workflow.bulk_operations where id = $1', [checkId(id, 'bulk operation')]),
    )
    if (row === undefined) throw new NotFoundError('bulk operation')
    return toOperation(row)
  }

  /** Newest first. */
  async list(first: number | null, after: string | null) {
    const size = pageSize(first)
    const before = after === null ? null : checkId(String(decodeCursor(after)), 'page')
    const { rows, count } = await this.tenant.transaction(async ({ query }) => ({
      rows: await query<Row>(
        'select * from workflow.bulk_operations where ($1::uuid is null or id < $1) order by id desc limit $2',
        [before, size + 1],
      ),
      count: (await query<{ n: number }>('select count(*)::int as n from workflow.bulk_operations'))[0]!.n,
    }))
    return toConnection(rows.map(toOperation), size, ({ id }) => id, count, after !== null)
  }

  async refusals({ organizationId, id }: BulkOperation): Promise<BulkRefusal[]> {
    return this.tenant.transaction(({ query }) =>
      query<BulkRefusal>(
        `select reason, count(*)::int as count from workflow.bulk_items
         where organization_id = $1 and operation_id = $2 and state = 'REFUSED' group by reason order by 2 desc`,
        [organizationId, id],
      ),
    )
  }

  async #open({ query }: Transaction, action: BulkAction, filter: RunFilter, reason: string | null): Promise<BulkOperation> {
    const actor = actorRef(this.tenant.viewer)
    const [row] = await query<Row>(
      `insert into workflow.bulk_operations (organization_id, action, filter, reason, total, actor_kind, actor_id)
       values ($1, $2, $3, $4, 0, $5, $6) returning *`,
      [this.tenant.viewer.organizationId, action, toJson(filter), reason && toText(reason), actor.kind, actor.id],
    )
    return toOperation(row!)
  }

  async #gather({ query }: Transaction, { organizationId, id, action }: BulkOperation, filter: RunFilter): Promise<number> {
    const { sql, parameters } = runSetQuery(organizationId, filter)
    const n = parameters.length
    const [row] = await query<{ n: number }>(
      `with added as (
         insert into workflow.bulk_items (organization_id, operation_id, run_id)
         select r.organization_id, $${n + 1}::uuid, r.id ${sql} and r.status = any ($${n + 2}::text[]) returning 1
       ) select count(*)::int as n from added`,
      [...parameters, id, POSSIBLE[action]],
    )
    return row!.n
  }
}

interface Row {
  organization_id: string
  id: string
  action: BulkAction
  total: number
  done: number
  refused: number
  reason: string | null
  actor_kind: string
  actor_id: string
  created_at: string | Date
  finished_at: string | Date | null
}

const toOperation = (row: Row): BulkOperation =>
  Object.assign(new BulkOperation(), {
    organizationId: row.organization_id,
    id: row.id,
    action: row.action,
    total: row.total,
    done: row.done,
    refused: row.refused,
    reason: row.reason,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    createdAt: new Date(row.created_at),
    finishedAt: row.finished_at === null ? null : new Date(row.finished_at),
  })

/** How many runs the caller looked at. */
function expectedOf({ action, filter, token, expectedCount }: BulkRunsInput): number {
  if (token == null) {
    if (expectedCount != null) return expectedCount
    throw new BadUserInputError('Say how many runs you expect.', [{ path: 'token', message: 'give it or expectedCount' }])
  }
  const { count, of } = decodeCursor<{ count?: unknown; of?: unknown }>(token, 'token')
  if (typeof count !== 'number' || of !== markOf(filter, action))
    throw new BadUserInputError('The preview was of something else.', [
      { path: 'token', message: 'not of this action and filter' },
    ])
  return count
}

function markOf(filter: RunFilter, action: BulkAction): string {
  const given = Object.entries(filter).filter(([, value]) => value != null)
  const text = JSON.stringify([action, given.sort(([a], [b]) => (a < b ? -1 : 1))])
  return createHash('sha256').update(text).digest('base64url').slice(0, 16)
}

const total = (groups: { count: number }[]) => groups.reduce((sum, { count }) => sum + count, 0)

function tally<G extends { count: number }, K>(groups: G[], keyOf: (group: G) => K): [K, number][] {
  return [...Map.groupBy(groups, keyOf)].map(([key, members]): [K, number] => [key, total(members)]).sort(([, a], [, b]) => b - a)
}

import { encodeCursor } from '@signalbox/shared/connection'
import type { ChangePage, ChangeSource } from '../engine/change-stream.ts'
import type { Tenant, Transaction } from '../tenant.ts'
import { ChangeKind, type RunChange } from './change.ts'
import { RunStatus } from './run-status.ts'
import { Run } from './run.entity.ts'
import type { RunFilter } from './run.inputs.ts'
import { organizationsOf, runMatchQuery } from './run.queries.ts'

interface Moved {
  run_id: string
  seq: number
  status: RunStatus
  recorded_at: string
}

interface RunMove {
  runId: string
  /** The status before the first unseen transition; undefined for a new run. */
  before: RunStatus | undefined
  recordedAt: string
}

const PAGE = 1_000
/** Transactions here take milliseconds; what committed later than its time says is found within this. */
const OVERLAP = '2 seconds'
const FORGET_ROWS = 20_000

/** Which runs entered, changed in, or left a filtered list, read off the transition log. Runs come as they stand now. */
export class RunChanges implements ChangeSource<RunChange> {
  /** The last transition told of each recently moved run, and its status. */
  readonly #told = new Map<string, { seq: number; status: RunStatus }>()

  constructor(
    private readonly tenant: Tenant,
    private readonly filter: RunFilter,
  ) {}

  read(since: string, overlap: boolean): Promise<ChangePage<RunChange>> {
    // What moved and what matches must be of one moment, or a run enters twice.
    return this.tenant.snapshot(async (transaction) => {
      const rows = await this.#moved(transaction, since, overlap)
      const moves = await this.#moves(transaction, rows)
      const changes = moves.length === 0 ? [] : await this.#changes(transaction, moves)
      return { changes, position: later(since, rows.at(-1)?.recorded_at), full: rows.length === PAGE }
    })
  }

  #moved({ query }: Transaction, since: string, overlap: boolean): Promise<Moved[]> {
    return query<Moved>(
      `select t.run_id, t.seq, t.status, t.recorded_at::text from unnest($1::uuid[]) as o (id)
       cross join lateral (
         select run_id, seq, status, recorded_at from workflow.run_transitions
         where organization_id = o.id and recorded_at > $2::timestamptz ${overlap ? `- interval '${OVERLAP}'` : ''} order by recorded_at limit $3
       ) t order by t.recorded_at limit $3`,
      [organizationsOf(this.tenant.viewer.organizationIds, this.filter), since, PAGE],
    )
  }

  async #moves({ query }: Transaction, rows: Moved[]): Promise<RunMove[]> {
    const fresh = rows.filter((row) => row.seq > (this.#told.get(row.run_id)?.seq ?? 0))
    const byRun = [...Map.groupBy(fresh, (row) => row.run_id)].map(([runId, moved]) => ({
      runId,
      first: moved.reduce((low, row) => (row.seq < low.seq ? row : low)),
      last: moved.reduce((high, row) => (row.seq > high.seq ? row : high)),
    }))
    const unknown = byRun.filter(({ runId, first }) => first.seq > 1 && !this.#told.has(runId))
    const before = await query<{ run_id: string; status: RunStatus }>(
      `select t.run_id, t.status from unnest($1::uuid[], $2::int[]) as wanted (run_id, seq)
       join workflow.run_transitions t on t.organization_id = any ($3::uuid[]) and t.run_id = wanted.run_id and t.seq = wanted.seq`,
      [unknown.map(({ runId }) => runId), unknown.map(({ first }) => first.seq - 1), this.tenant.viewer.organizationIds],
    )
    const statusBefore = new Map(before.map((row) => [row.run_id, row.status]))
    const moves = byRun.map(({ runId, last }) => ({
      runId,
      before: this.#told.get(runId)?.status ?? statusBefore.get(runId),
      recordedAt: last.recorded_at,
    }))
    for (const { runId, last } of byRun) this.#tell(runId, last)
    return moves.sort((a, b) => Date.parse(a.recordedAt) - Date.parse(b.recordedAt))
  }

  #tell(runId: string, { seq, status }: Moved) {
    this.#told.delete(runId)
    this.#told.set(runId, { seq, status })
    if (this.#told.size > FORGET_ROWS) this.#told.delete(this.#told.keys().next().value!)
  }

  async #changes({ em, query }: Transaction, moves: RunMove[]): Promise<RunChange[]> {
    const { tenant, filter } = this
    const ids = moves.map(({ runId }) => runId)
    const lasting = Object.assign({}, filter, {
      status: null,
      failureCode: null,
      failureGroup: null,
      handled: null,
      waitingOn: null,
    })
    const matches = runMatchQuery(tenant.viewer.organizationIds, filter, ids)
    const possible = runMatchQuery(tenant.viewer.organizationIds, lasting, ids)
    const now = new Set((await query<{ id: string }>(matches.sql, matches.parameters)).map((row) => row.id))
    const ever = new Set((await query<{ id: string }>(possible.sql, possible.parameters)).map((row) => row.id))
    const runs = new Map((await em.find(Run, { id: { $in: [...ever] } })).map((run) => [run.id, run]))
    return moves.flatMap(({ runId, before, recordedAt }) => {
      const was = before !== undefined && matchedBefore(filter, before)
      const run = runs.get(runId)
      if (run === undefined || (!was && !now.has(runId))) return []
      const kind = now.has(runId) ? (was ? ChangeKind.UPDATED : ChangeKind.ADDED) : ChangeKind.LEFT
      return [{ cursor: encodeCursor(recordedAt), kind, run }]
    })
  }
}

/** Whether a run that stood so may have been in the list. */
function matchedBefore({ status, failureCode, failureGroup, handled, waitingOn }: RunFilter, before: RunStatus): boolean {
  if (status?.length && !status.includes(before)) return false
  const failed = before === RunStatus.FAILED || before === RunStatus.EXPIRED
  if ((failureCode?.length || failureGroup?.length || handled != null) && !failed) return false
  return waitingOn == null || before === RunStatus.WAITING_FOR_REVIEW
}

/** The later of two times as Postgres writes them; they are compared to the millisecond, then as text. */
export function later(a: string, b: string | undefined): string {
  if (b === undefined) return a
  const difference = Date.parse(a) - Date.parse(b)
  return difference > 0 || (difference === 0 && a > b) ? a : b
}

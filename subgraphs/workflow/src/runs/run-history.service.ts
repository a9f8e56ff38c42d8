import { decodeCursor, pageSize, toConnection } from '@signalbox/shared/connection'
import type { Tenant } from '../tenant.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Run } from './run.entity.ts'
import { RunTransition } from './run-transition.entity.ts'
import { nextOf, stateOf } from './saved-state.ts'

interface CheckpointRow {
  id: string
  parent_id: string | null
  step: number
  source: string
  data: Buffer
  created_at: string | Date
}

/** What a run has been through: its transition log and its saved states. */
export class RunHistoryService {
  constructor(private readonly tenant: Tenant) {}

  /** @param after a sequence number, exclusive */
  async transitions(run: Run, after: number, first: number | null) {
    const size = pageSize(first)
    const where = { organizationId: run.organizationId, runId: run.id }
    const rows = await this.tenant.transaction(({ em }) =>
      em.find(RunTransition, { ...where, seq: { $gt: after } }, { orderBy: { seq: 'asc' }, limit: size + 1 }),
    )
    return toConnection(
      rows,
      size,
      (transition) => transition.seq,
      () => Promise.resolve(run.lastSeq),
      after > 0,
    )
  }

  /** The whole log; a run has some dozens of transitions, bounded by its retry and loop limits. */
  log(run: Run): Promise<RunTransition[]> {
    return this.tenant.transaction(({ em }) =>
      em.find(RunTransition, { organizationId: run.organizationId, runId: run.id }, { orderBy: { seq: 'asc' } }),
    )
  }

  /** The state that stands: that of the latest checkpoint. */
  async state(run: Run): Promise<unknown> {
    if (run.checkpointId === null) return null
    const rows = await this.#checkpoints(run, 'and id = $3', [run.checkpointId], 1)
    return rows[0]?.state ?? null
  }

  /** Newest first. */
  async checkpoints(run: Run, first: number | null, after: string | null) {
    const size = pageSize(first)
    const rows =
      after === null
        ? await this.#checkpoints(run, '', [], size + 1)
        : await this.#checkpoints(run, 'and id < $3', [String(decodeCursor<string>(after))], size + 1)
    const count = async () => {
      const [row] = await this.tenant.transaction(({ query }) =>
        query<{ n: number }>(
          `select count(*)::int as n from checkpoint.checkpoints where organization_id = $1 and run_id = $2 and namespace = ''`,
          [run.organizationId, run.id],
        ),
      )
      return row!.n
    }
    return toConnection(rows, size, (checkpoint) => checkpoint.id, count, after !== null)
  }

  async #checkpoints(run: Run, condition: string, parameters: unknown[], limit: number): Promise<Checkpoint[]> {
    const rows = await this.tenant.transaction(({ query }) =>
      query<CheckpointRow>(
        `select id, parent_id, step, source, data, created_at from checkpoint.checkpoints
         where organization_id = $1 and run_id = $2 and namespace = '' ${condition} order by id desc limit ${limit}`,
        [run.organizationId, run.id, ...parameters],
      ),
    )
    return rows.map((row) => ({
      id: row.id,
      parentId: row.parent_id,
      step: row.step,
      source: row.source,
      state: stateOf(row.data),
      next: nextOf(row.data),
      createdAt: new Date(row.created_at),
    }))
  }
}

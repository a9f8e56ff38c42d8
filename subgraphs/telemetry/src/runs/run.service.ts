import type { EntityManager } from '@mikro-orm/postgresql'
import DataLoader from 'dataloader'
import type { KpiBaseline } from '../baselines/baseline.types.ts'
import { isUuid } from '@signalbox/shared/ids'
import { usd } from './money.ts'
import type { EffectivenessSnapshot, RunCost } from './run.types.ts'

/** What telemetry knows of runs; made once a request, so that a page of runs is one statement a field. */
export class RunService {
  readonly #costs = new DataLoader((ids: readonly string[]) => this.#readCosts(ids), { maxBatchSize: 500 })
  readonly #snapshots = new DataLoader((ids: readonly string[]) => this.#readSnapshots(ids), { maxBatchSize: 500 })

  constructor(private readonly em: EntityManager) {}

  /** Null for a run of which no event has arrived, or that is not the viewer's. */
  async cost(id: string): Promise<RunCost | null> {
    return isUuid(id) ? this.#costs.load(id.toLowerCase()) : null
  }

  /** The latest snapshot; null while the case is open and without a baseline. */
  async snapshot(id: string): Promise<EffectivenessSnapshot | null> {
    return isUuid(id) ? this.#snapshots.load(id.toLowerCase()) : null
  }

  async #readCosts(ids: readonly string[]): Promise<(RunCost | null)[]> {
    const rows = await this.em.execute<{ id: string; total: string; tokens: string; asOfSeq: number }[]>(
      `select run_id as id, (model_cost + machine_cost)::text as total, input_tokens + output_tokens as tokens, last_seq as "asOfSeq"
       from telemetry.run where run_id = any (?::uuid[])`,
      [`{${ids.join(',')}}`],
    )
    const byId = new Map(rows.map((row) => [row.id, row]))
    return ids.map((id) => {
      const row = byId.get(id)
      return row === undefined ? null : { total: usd(row.total), tokens: Number(row.tokens), asOfSeq: row.asOfSeq }
    })
  }

  async #readSnapshots(ids: readonly string[]): Promise<(EffectivenessSnapshot | null)[]> {
    const rows = await this.em.execute<(Omit<EffectivenessSnapshot, 'frozenAt'> & { id: string; frozenAt: string })[]>(
      `select distinct on (s.run_id) s.run_id as id, s.case_id as "caseId", s.kpi, s.after_value as after, s.rolling, s.rolling_n as "rollingN",
         s.delta, s.change, s.percentile, s.workflow_version_id as "workflowVersionId", s.version, s.formula_version as "formulaVersion",
         s.frozen_at as "frozenAt", jsonb_build_object('id', b.id, 'kpi', b.kpi, 'workflow', b.workflow, 'median', b.median, 'p90', b.p90,
           'n', b.n, 'source', b.source, 'window', b.time_window, 'version', b.version) as before
       from telemetry.snapshot s join telemetry.baseline b on b.organization_id = s.organization_id and b.id = s.baseline_id
       where s.run_id = any (?::uuid[]) order by s.run_id, s.version desc`,
      [`{${ids.join(',')}}`],
    )
    const byId = new Map(rows.map((row) => [row.id, { ...row, before: asObject(row.before), frozenAt: new Date(row.frozenAt) }]))
    return ids.map((id) => byId.get(id) ?? null)
  }
}

const asObject = (value: KpiBaseline | string): KpiBaseline =>
  typeof value === 'string' ? (JSON.parse(value) as KpiBaseline) : value

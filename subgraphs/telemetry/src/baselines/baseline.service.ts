import type { EntityManager } from '@mikro-orm/postgresql'
import { BadUserInputError, type FieldFault } from '@signalbox/shared/errors'
import type { Viewer } from '@signalbox/shared/viewer'
import { findWorkflow } from '../workflows/workflow.service.ts'
import { mostSpecial } from '../organizations/most-special.ts'
import type { Scope } from '../organizations/scope.ts'
import type { KpiBaseline, KpiName, SetBaselineInput, SetBaselinePayload } from './baseline.types.ts'

const COLUMNS = 'id, kpi, workflow, median, p90, n, source, time_window as window, version'
const CASES_NEEDED = 30

export class BaselineService {
  constructor(
    private readonly em: EntityManager,
    private readonly viewer: () => Viewer,
  ) {}

  /**
   * Freezes a new version for the active organisation; the figures that stand already make none.
   * @throws {NotFoundError} for an unknown workflow; {BadUserInputError} naming every figure that cannot be
   */
  async set(input: SetBaselineInput): Promise<SetBaselinePayload> {
    checkBaseline(input)
    const { kpi, median, p90, n, source, window } = input
    const { organizationId, actorId } = this.viewer()
    return this.em.transactional(async (em) => {
      const workflow = input.workflow ? (await findWorkflow(em, `{${organizationId}}`, input.workflow)).slug : null
      return appendBaseline(em, { kpi, median, p90, n, source, window, workflow, organizationId, setBy: actorId })
    })
  }
}

export interface BaselineDraft extends Omit<SetBaselineInput, 'kpi' | 'source'> {
  kpi: `${KpiName}`
  source: `${SetBaselineInput['source']}`
  organizationId: string
  workflow: string | null
  setBy: string
}

/** Adds the next version in the manager's transaction, unless the current one says the same. */
export async function appendBaseline(em: EntityManager, draft: BaselineDraft): Promise<SetBaselinePayload> {
  const { organizationId, workflow, kpi, median, n, source, window, setBy } = draft
  const p90 = draft.p90 ?? null
  await em.execute("select pg_advisory_xact_lock(hashtextextended('baseline ' || ?, 0))", [organizationId])
  const [current] = await em.execute<KpiBaseline[]>(
    `select ${COLUMNS} from telemetry.current_baseline where organization_id = ? and workflow is not distinct from ? and kpi = ?`,
    [organizationId, workflow, kpi],
  )
  const same =
    current?.median === median && current.p90 === p90 && current.n === n && current.source === source && current.window === window
  if (same) return { baseline: current, created: false }
  const [baseline] = await em.execute<KpiBaseline[]>(
    `insert into telemetry.baseline (organization_id, workflow, kpi, median, p90, n, source, time_window, version, set_by)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning ${COLUMNS}`,
    [organizationId, workflow, kpi, median, p90, n, source, window, (current?.version ?? 0) + 1, setBy],
  )
  return { baseline: baseline!, created: true }
}

/** The baselines that a scope's figures are held against, by KPI. */
export async function findBaselines(em: EntityManager, scope: Scope): Promise<(kpi: `${KpiName}`) => KpiBaseline | null> {
  const rows = await em.execute<KpiBaseline[]>(
    `select ${COLUMNS} from telemetry.current_baseline where organization_id = any (?::uuid[])`,
    [scope.organizations],
  )
  return (kpi) =>
    mostSpecial(
      rows.filter((row) => (row.kpi as string) === kpi),
      scope,
    )
}

function checkBaseline({ kpi, median, p90, n, source, window }: SetBaselineInput): void {
  const faults: FieldFault[] = []
  const points = kpi === 'EFFECTIVENESS' || kpi === 'CUSTOMER_EXPERIENCE'
  if (!Number.isFinite(median) || (points ? median < 0 || median > 100 : median <= 0)) {
    faults.push({ path: 'input.median', message: points ? 'must be between 0 and 100' : 'must be above 0' })
  }
  if (p90 !== null && p90 !== undefined && !(p90 >= median))
    faults.push({ path: 'input.p90', message: 'must not be below the median' })
  if (source === 'ESTIMATED' ? n < 0 : n < CASES_NEEDED) {
    faults.push({
      path: 'input.n',
      message: source === 'ESTIMATED' ? 'must not be negative' : `must be at least ${CASES_NEEDED} cases`,
    })
  }
  if (window.trim() === '' || window.length > 200) faults.push({ path: 'input.window', message: 'must have 1 to 200 characters' })
  if (faults.length > 0) throw new BadUserInputError('The baseline cannot be used as it is.', faults)
}

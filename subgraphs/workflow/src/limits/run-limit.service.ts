import type { Audit } from '@signalbox/shared/audit'
import { BadUserInputError } from '@signalbox/shared/errors'
import type { RunNotifier } from '../runs/run-notifier.ts'
import type { Tenant } from '../tenant.ts'
import type { RunLimits, SetRunLimitsInput } from './run-limits.type.ts'

const MAX_CONCURRENCY = 10_000
const MAX_PER_MINUTE = 100_000

interface LimitRow {
  concurrency: number | null
  per_minute: number | null
  changed_at: string | Date | null
  under_way: number
  queued: number
}

/** An organisation's own limits of its runs; the engine's SQL functions keep them. */
export class RunLimitService {
  constructor(
    private readonly tenant: Tenant,
    private readonly notifier: RunNotifier,
    private readonly audit: Audit,
  ) {}

  async read(): Promise<RunLimits> {
    const [row] = await this.tenant.transaction(({ query }) =>
      query<LimitRow>(
        `select l.concurrency, l.per_minute, l.changed_at,
           (select count(*)::int from workflow.runs where organization_id = $1 and status in ('RUNNING', 'RETRYING')) as under_way,
           (select count(*)::int from workflow.runs where organization_id = $1 and status = 'QUEUED') as queued
         from (values (1)) as one left join workflow.run_limits l on l.organization_id = $1`,
        [this.tenant.viewer.organizationId],
      ),
    )
    return {
      concurrency: row!.concurrency,
      perMinute: row!.per_minute,
      changedAt: row!.changed_at === null ? null : new Date(row!.changed_at),
      underWay: row!.under_way,
      queued: row!.queued,
    }
  }

  /** Holds for runs that are queued now, too; those under way go on. */
  async set({ concurrency = null, perMinute = null }: SetRunLimitsInput): Promise<RunLimits> {
    checkLimits(concurrency, perMinute)
    const { organizationId } = this.tenant.viewer
    await this.tenant.transaction(async ({ em, query }) => {
      await query('select workflow.set_run_limits($1, $2, $3)', [organizationId, concurrency, perMinute])
      await this.audit.record(em, organizationId, {
        action: 'run_limits.changed',
        outcome: 'ALLOWED',
        details: { concurrency, perMinute },
      })
    })
    this.notifier.queued()
    return this.read()
  }
}

const mustBe = (max: number) => `must be from 1 to ${max.toLocaleString('en')}`

function checkLimits(concurrency: number | null, perMinute: number | null) {
  const faults = [
    concurrency !== null &&
      (concurrency < 1 || concurrency > MAX_CONCURRENCY) && { path: 'concurrency', message: mustBe(MAX_CONCURRENCY) },
    perMinute !== null && (perMinute < 1 || perMinute > MAX_PER_MINUTE) && { path: 'perMinute', message: mustBe(MAX_PER_MINUTE) },
  ].filter((fault) => fault !== false)
  if (faults.length > 0) throw new BadUserInputError('A limit must be within its bounds.', faults)
}

import type { MikroORM } from '@mikro-orm/postgresql'
import { DEMO } from '@signalbox/shared/demo'
import { tenantSession } from '@signalbox/shared/tenancy'
import { appendBaseline, type BaselineDraft } from './baselines/baseline.service.ts'
import { saveEngagement } from './engagements/engagement.service.ts'

const WINDOW = 'four weeks before go-live, estimated with the support team'

/** The demo client's support desk before Signalbox: guesses of its team, and labelled as such. */
const BASELINES: Pick<BaselineDraft, 'kpi' | 'median' | 'p90'>[] = [
  { kpi: 'TURNAROUND', median: 9.5, p90: 26 },
  { kpi: 'STAFF_RELIEF', median: 12, p90: 25 },
  { kpi: 'EFFECTIVENESS', median: 62, p90: null },
  { kpi: 'CUSTOMER_EXPERIENCE', median: 71, p90: null },
  { kpi: 'TIME_TO_BENEFIT', median: 60, p90: null },
]

const DAYS_BEFORE_FIRST_START = 14

/** Seeds the demo workflow's baselines and engagement; what is there stays as it is. */
export async function seedDemo(orm: MikroORM): Promise<void> {
  const em = orm.em.fork({ session: tenantSession(DEMO.clientId) })
  await em.transactional(async (tx) => {
    const [known] = await tx.execute<{ n: string }[]>(
      'select count(*) as n from telemetry.baseline where organization_id = ? and workflow = ?',
      [DEMO.clientId, DEMO.workflowSlug],
    )
    if (Number(known!.n) === 0) {
      for (const baseline of BASELINES) {
        await appendBaseline(tx, {
          ...baseline,
          organizationId: DEMO.clientId,
          workflow: DEMO.workflowSlug,
          n: 40,
          source: 'ESTIMATED',
          window: WINDOW,
          setBy: 'seed',
        })
      }
    }
    const startedAt = new Date(Date.now() - DAYS_BEFORE_FIRST_START * 86_400_000)
    const terms = { workflow: DEMO.workflowSlug, startedAt, buildCost: '4800', hourlyRate: '38', targetHours: 24 }
    await saveEngagement(tx, DEMO.clientId, terms, { replace: false })
  })
}

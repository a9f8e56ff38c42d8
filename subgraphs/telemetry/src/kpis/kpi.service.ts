import type { EntityManager } from '@mikro-orm/postgresql'
import { ForbiddenError } from '@signalbox/shared/errors'
import type { Logger } from '@signalbox/shared/logger'
import type { Viewer } from '@signalbox/shared/viewer'
import { findBaselines } from '../baselines/baseline.service.ts'
import { findEngagement } from '../engagements/engagement.service.ts'
import { organizationsOf, scopeOf, type Scope } from '../organizations/scope.ts'
import { isUuid } from '@signalbox/shared/ids'
import { readCaseFigures, readTurnaroundInterval } from './case-figures.ts'
import { customerExperience, customerScore } from './customer-experience.ts'
import { effectiveness, effectivenessIndex } from './effectiveness.ts'
import type { KpiChanges } from './kpi-changes.ts'
import type { KpiReport } from './kpi.types.ts'
import { readReviewLoad } from './review-load.ts'
import { reliefHoursPerWeek, staffRelief } from './staff-relief.ts'
import { benefitDays, readBenefit, timeToBenefit } from './time-to-benefit.ts'
import { checkRange, type TimeRange } from './time-range.ts'
import { turnaround } from './turnaround.ts'

const WEEK = 7 * 86_400_000

export interface KpiQuestion {
  range: TimeRange
  workflow?: string | null
  compareTo?: TimeRange | null
}

export class KpiService {
  constructor(
    private readonly em: EntityManager,
    private readonly viewer: () => Viewer,
    private readonly changed: KpiChanges,
    private readonly log: Logger,
  ) {}

  /**
   * The figures of the active organisation and, where it is an agency, its clients.
   * @throws {NotFoundError} for a workflow that is not there, or not theirs
   */
  ofViewer({ range, workflow, compareTo }: KpiQuestion): Promise<KpiReport> {
    checkRange(range)
    if (compareTo) checkRange(compareTo, 'compareTo')
    return this.em.transactional(async (em) =>
      report(em, await scopeOf(em, this.viewer().organizationId, workflow ?? null), range, compareTo),
    )
  }

  /** Null for an organisation that the viewer may not read. */
  async ofOrganization(id: string, range: TimeRange): Promise<KpiReport | null> {
    checkRange(range)
    if (!this.viewer().organizationIds.includes(id)) return null
    return this.em.transactional(async (em) =>
      report(em, { organizations: await organizationsOf(em, id), workflow: null }, range),
    )
  }

  /** Null for a workflow of which no event has arrived, or that is not the viewer's. */
  async ofWorkflow(id: string, range: TimeRange): Promise<KpiReport | null> {
    checkRange(range)
    if (!isUuid(id)) return null
    return this.em.transactional(async (em) => {
      const [known] = await em.execute<{ organizationId: string; slug: string }[]>(
        'select organization_id as "organizationId", slug from telemetry.workflow where workflow_id = ?',
        [id],
      )
      if (known === undefined) return null
      return report(em, { organizations: `{${known.organizationId}}`, workflow: { id, slug: known.slug } }, range)
    })
  }

  /** The report again after each change that concerns an organisation that the viewer may read. */
  async changes(question: KpiQuestion): Promise<AsyncIterableIterator<KpiReport>> {
    checkRange(question.range)
    const { organizationId, organizationIds, scopes } = this.viewer()
    // The guard of a subscription's resolver runs for each event; who may not read is refused before the first.
    if (!scopes.has('kpi:read')) throw new ForbiddenError('This needs the scope kpi:read.')
    if (question.workflow) await this.em.transactional((em) => scopeOf(em, organizationId, question.workflow!))
    return this.changed.follow(organizationIds, () => this.ofViewer(question), this.log)
  }
}

async function report(em: EntityManager, scope: Scope, range: TimeRange, compareTo?: TimeRange | null): Promise<KpiReport> {
  const until = earlier(range.to, new Date())
  const baselines = await findBaselines(em, scope)
  const terms = await findEngagement(em, scope)
  const figures = await readCaseFigures(em, scope, range)
  const interval = await readTurnaroundInterval(em, scope, range, figures.timed)
  const benefit = terms === null ? null : await readBenefit(em, scope, terms, until)
  const load = await readReviewLoad(em, scope, range)
  const before = compareTo ? await readComparison(em, scope, compareTo) : undefined
  return {
    timeToBenefit: timeToBenefit(terms, benefit, until, baselines('TIME_TO_BENEFIT'), before?.timeToBenefit),
    turnaround: turnaround(figures, interval, baselines('TURNAROUND'), before?.turnaround),
    effectiveness: effectiveness(figures, baselines('EFFECTIVENESS'), before?.effectiveness),
    staffRelief: staffRelief(figures, load, weeksOf(range), baselines('STAFF_RELIEF'), before?.staffRelief),
    customerExperience: customerExperience(figures, baselines('CUSTOMER_EXPERIENCE'), before?.customerExperience),
  }
}

/** The bare values of another range. */
async function readComparison(em: EntityManager, scope: Scope, range: TimeRange) {
  const figures = await readCaseFigures(em, scope, range)
  const terms = await findEngagement(em, scope)
  const benefit = terms === null ? null : await readBenefit(em, scope, terms, earlier(range.to, new Date()))
  return {
    timeToBenefit: terms === null || benefit === null ? null : benefitDays(terms, benefit),
    turnaround: figures.p50,
    effectiveness: effectivenessIndex(figures),
    staffRelief: reliefHoursPerWeek(figures, weeksOf(range)),
    customerExperience: customerScore(figures)?.value ?? null,
  }
}

const earlier = (a: Date, b: Date) => (a < b ? a : b)

/** The part of the range that has passed. */
const weeksOf = ({ from, to }: TimeRange) => Math.max(0, earlier(to, new Date()).getTime() - from.getTime()) / WEEK

import type { EntityManager } from '@mikro-orm/postgresql'
import { BadUserInputError, type FieldFault } from '@signalbox/shared/errors'
import type { Viewer } from '@signalbox/shared/viewer'
import { mostSpecial } from '../organizations/most-special.ts'
import type { Scope } from '../organizations/scope.ts'
import { usd } from '../runs/money.ts'
import { findWorkflow } from '../workflows/workflow.service.ts'
import type { Engagement, SetEngagementInput } from './engagement.types.ts'

/** Amounts are decimal strings, in US dollars. */
export interface EngagementTerms {
  workflow: string | null
  startedAt: Date
  buildCost: string
  hourlyRate: string
  targetHours: number | null
}

export class EngagementService {
  constructor(
    private readonly em: EntityManager,
    private readonly viewer: () => Viewer,
  ) {}

  /** @throws {NotFoundError} for an unknown workflow; {BadUserInputError} naming what cannot be */
  async set(input: SetEngagementInput): Promise<Engagement> {
    checkEngagement(input)
    const { startedAt, buildCost, hourlyRate } = input
    const { organizationId } = this.viewer()
    return this.em.transactional(async (em) => {
      const workflow = input.workflow ? (await findWorkflow(em, `{${organizationId}}`, input.workflow)).slug : null
      const terms: EngagementTerms = { workflow, startedAt, buildCost, hourlyRate, targetHours: input.targetHours ?? null }
      await saveEngagement(em, organizationId, terms, { replace: true })
      return {
        workflow,
        startedAt: terms.startedAt,
        targetHours: terms.targetHours,
        buildCost: usd(terms.buildCost),
        hourlyRate: usd(terms.hourlyRate),
      }
    })
  }
}

/** Without `replace` one that is there stays as it is. */
export async function saveEngagement(
  em: EntityManager,
  organizationId: string,
  terms: EngagementTerms,
  { replace }: { replace: boolean },
): Promise<void> {
  await em.execute(
    `insert into telemetry.engagement (organization_id, workflow, started_at, build_cost, hourly_rate, target_hours)
     values (?, ?, ?, ?::numeric, ?::numeric, ?) on conflict (organization_id, workflow) do update set started_at = excluded.started_at,
       build_cost = excluded.build_cost, hourly_rate = excluded.hourly_rate, target_hours = excluded.target_hours where ?::boolean`,
    [
      organizationId,
      terms.workflow,
      terms.startedAt.toISOString(),
      terms.buildCost,
      terms.hourlyRate,
      terms.targetHours,
      replace,
    ],
  )
}

/** The one engagement of a scope: the workflow's, else the whole organisation's; null where there is none, or several. */
export async function findEngagement(em: EntityManager, scope: Scope): Promise<EngagementTerms | null> {
  const rows = await em.execute<(Omit<EngagementTerms, 'startedAt'> & { startedAt: string })[]>(
    `select workflow, started_at as "startedAt", build_cost::text as "buildCost", hourly_rate::text as "hourlyRate", target_hours as "targetHours"
     from telemetry.engagement where organization_id = any (?::uuid[])`,
    [scope.organizations],
  )
  const terms = mostSpecial(rows, scope)
  return terms === null ? null : { ...terms, startedAt: new Date(terms.startedAt) }
}

function checkEngagement({ buildCost, hourlyRate, targetHours }: SetEngagementInput): void {
  const faults: FieldFault[] = []
  const amount = /^\d{1,12}(\.\d{1,8})?$/
  for (const [name, value] of Object.entries({ buildCost, hourlyRate })) {
    if (!amount.test(value)) faults.push({ path: `input.${name}`, message: 'must be a decimal amount, such as 1200.00' })
  }
  if (targetHours !== null && targetHours !== undefined && !(targetHours > 0)) {
    faults.push({ path: 'input.targetHours', message: 'must be above 0' })
  }
  if (faults.length > 0) throw new BadUserInputError('The engagement cannot be used as it is.', faults)
}

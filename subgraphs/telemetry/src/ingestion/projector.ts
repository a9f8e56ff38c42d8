import type { EntityManager } from '@mikro-orm/postgresql'
import type { EventType } from '@signalbox/shared/events/events'
import { appendAudit } from '../audit/append-audit.ts'
import { MACHINE_PRICE } from '../runs/machine-price.ts'
import type { KnownEvent } from './event-schemas.ts'

type Row = Record<string, unknown>
type EventOf<T extends EventType> = Extract<KnownEvent, { type: T }>

/**
 * Applies events to the projections within the manager's transaction, set by set rather than event by event. Applying one again changes
 * nothing: rows are keyed, and what is derived is derived from all of them.
 */
export async function project(em: EntityManager, events: KnownEvent[]): Promise<void> {
  const of = <T extends EventType>(type: T) => events.filter((event): event is EventOf<T> => event.type === type)
  await saveOrganizations(em, of('organization.saved'))
  await saveMemberships(em, of('membership.changed'))
  await saveWorkflows(em, of('workflow.published'))
  const advanced = of('run.advanced')
  const decided = of('review.decided')
  await saveRuns(em, advanced)
  await saveDecisions(em, decided)
  const cases = [...advanced, ...decided].map((event) => ({
    organization_id: event.organizationId,
    case_id: event.payload.caseId,
  }))
  await appendAudit(em, of('audit.recorded'))
  if (cases.length > 0) await em.execute('select telemetry.refresh_cases(?::jsonb)', [JSON.stringify(cases)])
}

/** The last of the rows with the same key: one statement may not touch a row twice. */
const latest = (rows: Row[], ...key: string[]): Row[] => [
  ...new Map(rows.map((row) => [key.map((name) => row[name]).join(), row])).values(),
]

async function saveOrganizations(em: EntityManager, events: EventOf<'organization.saved'>[]) {
  const rows = events.map(({ organizationId, payload: { name, kind, agencyId, timeZone } }) => ({
    organization_id: organizationId,
    name,
    kind,
    agency_id: agencyId,
    time_zone: timeZone,
  }))
  // A zone that this server does not know fails here, with the event that brought it, and not in every later figure.
  await run(
    em,
    `insert into telemetry.organization (organization_id, name, kind, agency_id, time_zone)
     select organization_id, name, kind, agency_id, time_zone from jsonb_to_recordset(?::jsonb)
       as r (organization_id uuid, name text, kind text, agency_id uuid, time_zone text)
     where (now() at time zone time_zone) is not null
     on conflict (organization_id) do update set name = excluded.name, kind = excluded.kind, agency_id = excluded.agency_id, time_zone = excluded.time_zone`,
    latest(rows, 'organization_id'),
  )
}

async function saveMemberships(em: EntityManager, events: EventOf<'membership.changed'>[]) {
  const rows = latest(
    events.map(({ organizationId, payload: { userId, role } }) => ({ organization_id: organizationId, user_id: userId, role })),
    'organization_id',
    'user_id',
  )
  const as = 'jsonb_to_recordset(?::jsonb) as r (organization_id uuid, user_id uuid, role text)'
  await run(
    em,
    `insert into telemetry.membership (organization_id, user_id, role) select * from ${as}
     on conflict (organization_id, user_id) do update set role = excluded.role`,
    rows.filter((row) => row['role'] !== null),
  )
  await run(
    em,
    `delete from telemetry.membership m using ${as} where m.organization_id = r.organization_id and m.user_id = r.user_id`,
    rows.filter((row) => row['role'] === null),
  )
}

async function saveWorkflows(em: EntityManager, events: EventOf<'workflow.published'>[]) {
  const rows = events.map(({ organizationId, payload: { workflowId, slug, name, versionId, number } }) => ({
    organization_id: organizationId,
    workflow_id: workflowId,
    slug,
    name,
    version_id: versionId,
    number,
  }))
  await run(
    em,
    `insert into telemetry.workflow (organization_id, workflow_id, slug, name, version_id, number)
     select * from jsonb_to_recordset(?::jsonb) as r (organization_id uuid, workflow_id uuid, slug text, name text, version_id uuid, number int)
     on conflict (organization_id, workflow_id) do update
       set slug = excluded.slug, name = excluded.name, version_id = excluded.version_id, number = excluded.number`,
    latest(rows, 'organization_id', 'workflow_id'),
  )
}

async function saveRuns(em: EntityManager, events: EventOf<'run.advanced'>[]) {
  const runs = events.map(({ organizationId, payload }) => ({
    organization_id: organizationId,
    run_id: payload.runId,
    case_id: payload.caseId,
    workflow_id: payload.workflowId,
    workflow_slug: payload.workflowSlug,
    version_id: payload.versionId,
    trigger: payload.trigger,
    production: payload.production,
    queued_at: payload.queuedAt,
  }))
  await run(
    em,
    `insert into telemetry.run (organization_id, run_id, case_id, workflow_id, workflow_slug, version_id, trigger, production, queued_at)
     select * from jsonb_to_recordset(?::jsonb) as r (organization_id uuid, run_id uuid, case_id text, workflow_id uuid, workflow_slug text,
       version_id uuid, trigger text, production boolean, queued_at timestamptz)
     on conflict do nothing`,
    latest(runs, 'organization_id', 'run_id'),
  )
  await run(
    em,
    `insert into telemetry.run_transition (organization_id, run_id, seq, at, kind, status, node, attempt, duration_ms, failure_code,
       input_tokens, output_tokens, cost, automated)
     select * from jsonb_to_recordset(?::jsonb) as r (organization_id uuid, run_id uuid, seq int, at timestamptz, kind text, status text,
       node text, attempt int, duration_ms float8, failure_code text, input_tokens bigint, output_tokens bigint, cost numeric, automated boolean)
     on conflict do nothing`,
    events.flatMap(transitionRows),
  )
  if (runs.length === 0) return
  const keys = runs.map(({ organization_id, run_id }) => ({ organization_id, run_id }))
  await em.execute('select telemetry.refresh_runs(?::jsonb, ?::numeric, ?)', [
    JSON.stringify(keys),
    MACHINE_PRICE.usdPerSecond,
    MACHINE_PRICE.version,
  ])
}

const transitionRows = ({ organizationId, payload }: EventOf<'run.advanced'>): Row[] =>
  payload.transitions.map(({ seq, at, kind, status, node, attempt, durationMs, failureCode, usage, automated }) => ({
    organization_id: organizationId,
    run_id: payload.runId,
    seq,
    at,
    kind,
    status,
    node,
    attempt,
    duration_ms: durationMs,
    failure_code: failureCode,
    input_tokens: usage?.inputTokens ?? 0,
    output_tokens: usage?.outputTokens ?? 0,
    cost: usage?.costUsd ?? '0',
    automated,
  }))

async function saveDecisions(em: EntityManager, events: EventOf<'review.decided'>[]) {
  await run(
    em,
    `insert into telemetry.review_decision (organization_id, review_id, run_id, action, decided_by, opened_at, due_at, decided_at, active_ms,
       edited, edit_distance)
     select * from jsonb_to_recordset(?::jsonb) as r (organization_id uuid, review_id uuid, run_id uuid, action text, decided_by text,
       opened_at timestamptz, due_at timestamptz, decided_at timestamptz, active_ms float8, edited boolean, edit_distance float8)
     on conflict do nothing`,
    events.map(({ organizationId, payload }) => ({
      organization_id: organizationId,
      review_id: payload.reviewId,
      run_id: payload.runId,
      action: payload.action,
      decided_by: payload.decidedBy,
      opened_at: payload.openedAt,
      due_at: payload.dueAt ?? null,
      decided_at: payload.decidedAt,
      active_ms: payload.activeMs,
      edited: payload.edited,
      edit_distance: payload.editDistance,
    })),
  )
}

async function run(em: EntityManager, sql: string, rows: Row[]): Promise<void> {
  if (rows.length > 0) await em.execute(sql, [JSON.stringify(rows)])
}

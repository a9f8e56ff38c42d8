import type { EntityManager } from '@mikro-orm/postgresql'
import { RULES, SUBJECTS, type AlertRule, type AlertRuleName } from './rules.ts'

/** The organisation of what belongs to the platform itself. */
const PLATFORM = '00000000-0000-0000-0000-000000000000'

/** An alert that a batch of entries raised, or one whose count it made grow. */
export interface AlertChange {
  id: string
  organizationId: string
  rule: AlertRuleName
  severity: string
  count: number
  raised: boolean
}

interface Fresh {
  organizationId: string
  subject: string
  at: string
  n: number
  startedAt: string
}

interface OpenAlert {
  id: string
  windowEndsAt: string
}

/**
 * Holds the entries after a position against every rule, within the consumer's transaction. What is counted is what is stored, so a restart
 * forgets nothing and entries that come late count when they happened. Within its window an alert grows; after it the next one may be raised.
 * @param actions of the new entries: rules about others are passed over
 */
export async function raiseAlerts(em: EntityManager, after: number, actions: ReadonlySet<string>): Promise<AlertChange[]> {
  const changes: AlertChange[] = []
  for (const rule of RULES) {
    if (!rule.actions.some((action) => actions.has(action))) continue
    const fresh = await findFresh(em, rule, after)
    for (const entries of Map.groupBy(fresh, ({ organizationId, subject }) => `${organizationId} ${subject}`).values()) {
      changes.push(...(await apply(em, rule, entries)))
    }
  }
  if (changes.length > 0) {
    await em.execute("select pg_notify('telemetry_alerts', change) from jsonb_array_elements_text(?::jsonb) as change", [
      JSON.stringify(changes.map(({ organizationId, id }) => `${organizationId} ${id}`)),
    ])
  }
  return changes
}

const matches = ({ actions, where, subjectKind }: AlertRule) =>
  `e.action in (${actions.map((action) => `'${action}'`).join()}) and (${SUBJECTS[subjectKind]}) is not null${where === undefined ? '' : ` and ${where}`}`

const sameOwner = ({ platform }: AlertRule, organization: string) => (platform ? '' : `and e.organization_id = ${organization}`)

const measureOf = ({ measure = 'sum(e.weight)' }: AlertRule) => measure

/** Each new entry of the rule with the count of the window that ends with it. */
function findFresh(em: EntityManager, rule: AlertRule, after: number): Promise<Fresh[]> {
  const subject = SUBJECTS[rule.subjectKind]
  return em.execute<Fresh[]>(
    `with fresh as (
       select ${rule.platform ? `'${PLATFORM}'::uuid` : 'e.organization_id'} as organization_id, ${subject} as subject, e.at
       from telemetry.audit_event e where e.position > ? and ${matches(rule)}
     )
     select f.organization_id as "organizationId", f.subject, f.at::text as at, w.n::int as n, w.started_at::text as "startedAt"
     from fresh f cross join lateral (
       select ${measureOf(rule)} as n, min(e.at) as started_at from telemetry.audit_event e
       where ${matches(rule)} and (${subject}) = f.subject ${sameOwner(rule, 'f.organization_id')}
         and e.at > f.at - make_interval(mins => ?) and e.at <= f.at
     ) w order by f.at`,
    [after, rule.windowMinutes],
  )
}

async function apply(em: EntityManager, rule: AlertRule, entries: Fresh[]): Promise<AlertChange[]> {
  const { organizationId, subject } = entries[0]!
  let open = await findLast(em, rule, organizationId, subject)
  const touched = new Map<string, boolean>()
  for (const entry of entries) {
    const within = open !== undefined && new Date(entry.at) < new Date(open.windowEndsAt)
    if (!within && entry.n < rule.threshold) continue
    if (!within) {
      open = await insert(em, rule, entry, open)
      touched.set(open.id, true)
    } else if (!touched.has(open!.id)) touched.set(open!.id, false)
  }
  const changes: AlertChange[] = []
  for (const [id, raised] of touched) {
    const count = await recount(em, rule, organizationId, id)
    changes.push({ id, organizationId, rule: rule.name, severity: rule.severity, count, raised })
  }
  return changes
}

async function findLast(em: EntityManager, rule: AlertRule, organizationId: string, subject: string) {
  const [last] = await em.execute<OpenAlert[]>(
    `select id, window_ends_at::text as "windowEndsAt" from telemetry.alert where organization_id = ? and rule = ? and subject = ?
     order by started_at desc limit 1`,
    [organizationId, rule.name, subject],
  )
  return last
}

/** The window begins with the first entry that counted, but not before the end of the one before. */
async function insert(em: EntityManager, rule: AlertRule, entry: Fresh, before: OpenAlert | undefined): Promise<OpenAlert> {
  const [alert] = await em.execute<OpenAlert[]>(
    `insert into telemetry.alert (organization_id, rule, severity, subject, subject_kind, count, started_at, last_at, window_ends_at)
     values (?, ?, ?, ?, ?, 0, greatest(?::timestamptz, ?::timestamptz), ?::timestamptz, ?::timestamptz + make_interval(mins => ?))
     returning id, window_ends_at::text as "windowEndsAt"`,
    [
      entry.organizationId,
      rule.name,
      rule.severity,
      entry.subject,
      rule.subjectKind,
      entry.startedAt,
      before?.windowEndsAt ?? null,
      entry.at,
      entry.at,
      rule.windowMinutes,
    ],
  )
  return alert!
}

async function recount(em: EntityManager, rule: AlertRule, organizationId: string, id: string): Promise<number> {
  const [row] = await em.execute<{ count: number }[]>(
    `update telemetry.alert a set count = w.n, last_at = w.last_at, changed_at = clock_timestamp()
     from telemetry.alert b cross join lateral (
       select ${measureOf(rule)} as n, max(e.at) as last_at from telemetry.audit_event e
       where ${matches(rule)} and (${SUBJECTS[rule.subjectKind]}) = b.subject ${sameOwner(rule, 'b.organization_id')}
         and e.at >= b.started_at and e.at < b.window_ends_at
     ) w
     where b.organization_id = ? and b.id = ? and a.organization_id = b.organization_id and a.id = b.id returning a.count::int as count`,
    [organizationId, id],
  )
  return row!.count
}

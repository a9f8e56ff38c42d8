import type { AuditAction } from '@signalbox/shared/audit'

export type AlertRuleName =
  | 'FAILED_SIGN_INS'
  | 'PLATFORM_FAILED_SIGN_INS'
  | 'SCOPE_MISUSE'
  | 'REFRESH_REUSED'
  | 'REQUEST_BURST'
  | 'TOKENS_REFUSED'
  | 'REVOKED_CLIENT_USED'
  | 'CODES_FOR_MANY_ADDRESSES'

/** Who an alert is about: one actor, one network, or nobody in particular. */
export type SubjectKind = 'ACTOR' | 'NETWORK' | 'NONE'

/** So many entries of a kind, about one subject, within a window. The SQL parts are over `telemetry.audit_event e`. */
export interface AlertRule {
  name: AlertRuleName
  severity: 'WARNING' | 'CRITICAL'
  actions: AuditAction[]
  /** Narrows the actions; absent: all of them. */
  where?: string
  subjectKind: SubjectKind
  /** Counted over all organisations, and the platform's own alert; else an organisation's. */
  platform?: boolean
  /** What is counted. Default: entries, each for as many as it stands for. */
  measure?: string
  threshold: number
  windowMinutes: number
}

/** What each kind of subject is, as text: an actor is `<kind>:<id>`. Null leaves the entry out. */
export const SUBJECTS: Record<SubjectKind, string> = {
  ACTOR: "e.actor_kind || ':' || e.actor_id",
  NETWORK: 'e.source',
  NONE: "''",
}

export const RULES: AlertRule[] = [
  {
    name: 'FAILED_SIGN_INS',
    severity: 'WARNING',
    actions: ['sign_in.failed'],
    subjectKind: 'NONE',
    threshold: 10,
    windowMinutes: 10,
  },
  {
    name: 'PLATFORM_FAILED_SIGN_INS',
    severity: 'CRITICAL',
    actions: ['sign_in.failed'],
    subjectKind: 'NONE',
    platform: true,
    threshold: 50,
    windowMinutes: 10,
  },
  {
    name: 'SCOPE_MISUSE',
    severity: 'WARNING',
    actions: ['access.denied'],
    where: "coalesce(e.details ->> 'reason', 'scope') = 'scope'",
    subjectKind: 'ACTOR',
    threshold: 10,
    windowMinutes: 5,
  },
  {
    name: 'REFRESH_REUSED',
    severity: 'CRITICAL',
    actions: ['refresh.reused'],
    subjectKind: 'ACTOR',
    threshold: 1,
    windowMinutes: 60,
  },
  {
    name: 'REQUEST_BURST',
    severity: 'WARNING',
    actions: ['rate.limited'],
    subjectKind: 'NETWORK',
    threshold: 20,
    windowMinutes: 5,
  },
  {
    name: 'TOKENS_REFUSED',
    severity: 'WARNING',
    actions: ['token.refused'],
    subjectKind: 'NETWORK',
    threshold: 20,
    windowMinutes: 5,
  },
  {
    name: 'REVOKED_CLIENT_USED',
    severity: 'CRITICAL',
    actions: ['token.refused', 'sign_in.failed'],
    where: "e.actor_kind = 'SERVICE_CLIENT' and e.details ->> 'reason' = 'revoked'",
    subjectKind: 'ACTOR',
    threshold: 1,
    windowMinutes: 60,
  },
  {
    name: 'CODES_FOR_MANY_ADDRESSES',
    severity: 'WARNING',
    actions: ['code.requested'],
    subjectKind: 'NETWORK',
    platform: true,
    // A keyed hash of the address stands for it.
    measure: "count(distinct coalesce(e.details ->> 'address', e.position::text))",
    threshold: 20,
    windowMinutes: 10,
  },
]

export const ruleNamed = (name: string): AlertRule | undefined => RULES.find((rule) => rule.name === name)

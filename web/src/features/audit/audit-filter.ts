import type { AuditFilter, AuditOutcome } from '../../gql/graphql.ts'

export interface Choice {
  value: string
  label: string
}

export const outcomes: (Choice & { outcome?: AuditOutcome })[] = [
  { value: '', label: 'All' },
  { value: 'done', label: 'Done', outcome: 'ALLOWED' },
  { value: 'refused', label: 'Refused', outcome: 'DENIED' },
  { value: 'failed', label: 'Failed', outcome: 'FAILED' },
]

export const kinds: (Choice & { action: string[] })[] = [
  { value: '', label: 'Everything', action: [] },
  {
    value: 'sign-in',
    label: 'Sign-in and sessions',
    action: [
      'code.requested',
      'code.refused',
      'sign_in.succeeded',
      'sign_in.failed',
      'session.ended',
      'refresh.reused',
      'phone.confirmed',
      'phone.removed',
    ],
  },
  {
    value: 'members',
    label: 'Members and roles',
    action: [
      'organization.created',
      'organization.changed',
      'member.invited',
      'invitation.resent',
      'invitation.withdrawn',
      'member.joined',
      'member.role_changed',
      'member.removed',
    ],
  },
  {
    value: 'programs',
    label: 'Programs and keys',
    action: [
      'token.issued',
      'token.refused',
      'consent.granted',
      'service_client.created',
      'service_client.secret_rotated',
      'service_client.revoked',
      'signing_key.rotated',
      'encryption_key.rotated',
      'credential.saved',
      'credential.deleted',
      'account.saved',
      'account.deleted',
      'account.connected',
      'tool.saved',
      'tool.deleted',
      'tool.tried',
    ],
  },
  {
    value: 'decisions',
    label: 'Decisions',
    action: [
      'review.decided',
      'review.voted',
      'review.assigned',
      'review.delegated',
      'run.cancelled',
      'run.signalled',
      'runs.acted_on',
      'runs.dismissed',
      'workflow.published',
      'workflow.rolled_back',
    ],
  },
  {
    value: 'triggers',
    label: 'Schedules and triggers',
    action: ['trigger.created', 'trigger.changed', 'trigger.secret_rotated', 'trigger.deleted'],
  },
  { value: 'knowledge', label: 'Knowledge', action: ['document.deleted', 'knowledge_base.deleted'] },
  { value: 'refusals', label: 'Refusals', action: ['access.denied', 'rate.limited', 'token.refused', 'refresh.reused'] },
  { value: 'alerts', label: 'Alerts and retention', action: ['alert.acknowledged', 'audit.forgotten'] },
]

export const spans: (Choice & { days: number })[] = [
  { value: '', label: 'Any time', days: 0 },
  { value: '1d', label: 'Last 24 hours', days: 1 },
  { value: '7d', label: 'Last 7 days', days: 7 },
  { value: '30d', label: 'Last 30 days', days: 30 },
]

const DAY_MS = 86_400_000

/** The filter that an address stands for. @param now milliseconds: what the spans end with */
export function filterOf(search: URLSearchParams, now: number): AuditFilter {
  const chosen = <T extends Choice>(choices: T[], key: string) => choices.find(({ value }) => value === search.get(key))
  const action = chosen(kinds, 'kind')?.action ?? []
  const outcome = chosen(outcomes, 'outcome')?.outcome
  const days = chosen(spans, 'span')?.days ?? 0
  const words = search.get('q')?.trim()
  const organization = search.get('organization')
  const actorId = search.get('actor')
  return {
    ...(action.length > 0 && { action }),
    ...(outcome && { outcome }),
    ...(days > 0 && { from: new Date(now - days * DAY_MS).toISOString() }),
    ...(words && { search: words }),
    ...(organization && { organization }),
    ...(actorId && { actorId }),
  }
}

export function withChoice(search: URLSearchParams, key: string, value: string): URLSearchParams {
  const next = new URLSearchParams(search)
  if (value === '') next.delete(key)
  else next.set(key, value)
  return next
}

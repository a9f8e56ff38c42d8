import type { AuditOutcome, Role } from '../../gql/graphql.ts'
import { nameOf, type NamedActor } from '../../ui/actor-name.ts'
import { humanize, roleWords } from '../../ui/words.ts'
import { scopeWords } from '../../ui/scope-words.ts'

/** What of an entry its sentence is made of. */
export interface Told {
  action: string
  outcome: AuditOutcome
  actor?: NamedActor | null | undefined
  person?: { displayName?: string | null } | null | undefined
  details: unknown
}

/** `[past, infinitive]`: "Olga changed …", "Olga wanted to change … and was refused". */
type Verb = [past: string, infinitive: string]

interface Words {
  details: Record<string, unknown>
  /** Whom it was done to: `Rita Reviewer`. */
  person: string
}

const text = (value: unknown) => (typeof value === 'string' ? value : '')
const roleIn = ({ role, to }: Record<string, unknown>) => roleWords((text(to) || text(role)) as Role)
const decisions: Record<string, Verb> = {
  APPROVE: ['approved a proposal', 'approve a proposal'],
  EDIT: ['changed a proposal and let it go on', 'change a proposal'],
  RESPOND: ['answered in their own words', 'answer in their own words'],
  REJECT: ['rejected a proposal', 'reject a proposal'],
}

const VERBS: Record<string, (words: Words) => Verb> = {
  'sign_in.succeeded': () => ['signed in', 'sign in'],
  'session.ended': () => ['ended a session', 'end a session'],
  'token.issued': () => ['got an access token', 'get an access token'],
  'consent.granted': () => ['let an application act for them', 'let an application act for them'],
  'phone.confirmed': () => ['confirmed a phone number', 'confirm a phone number'],
  'phone.removed': () => ['removed a phone number', 'remove a phone number'],
  'organization.created': () => ['added an organisation', 'add an organisation'],
  'organization.changed': () => ['changed the organisation', 'change the organisation'],
  'member.invited': ({ details }) => [`invited somebody as ${roleIn(details)}`, `invite somebody as ${roleIn(details)}`],
  'invitation.resent': () => ['sent an invitation again', 'send an invitation again'],
  'invitation.withdrawn': () => ['withdrew an invitation', 'withdraw an invitation'],
  'member.joined': ({ details }) => [`joined as ${roleIn(details)}`, 'join'],
  'member.role_changed': ({ person, details }) => [
    `changed ${possessive(person)} role to ${roleIn(details)}`,
    `change ${possessive(person)} role`,
  ],
  'member.removed': ({ person }) => [`removed ${person}`, `remove ${person}`],
  'service_client.created': () => ['let a program in', 'let a program in'],
  'service_client.secret_rotated': () => ['replaced a program’s secret', 'replace a program’s secret'],
  'service_client.revoked': () => ['revoked a program’s access', 'revoke a program’s access'],
  'signing_key.rotated': () => ['renewed the signing key', 'renew the signing key'],
  'encryption_key.rotated': () => ['renewed the encryption key', 'renew the encryption key'],
  'credential.saved': ({ details }) => [`saved credentials for ${hostOf(details)}`, `save credentials for ${hostOf(details)}`],
  'credential.deleted': ({ details }) => [
    `deleted credentials for ${hostOf(details)}`,
    `delete credentials for ${hostOf(details)}`,
  ],
  'account.saved': ({ details }) => [`saved an account at ${hostOf(details)}`, `save an account at ${hostOf(details)}`],
  'account.deleted': ({ details }) => [`deleted an account at ${hostOf(details)}`, `delete an account at ${hostOf(details)}`],
  'account.connected': ({ details }) => [`connected an account at ${hostOf(details)}`, 'connect an account'],
  'tool.saved': ({ details: { name } }) => [`saved the tool ${text(name)}`, 'save a tool'],
  'tool.deleted': ({ details: { name } }) => [`deleted the tool ${text(name)}`, 'delete a tool'],
  'tool.tried': ({ details: { tool } }) => [`tried the tool ${text(tool)} for real`, 'try a tool'],
  'document.deleted': ({ details }) => [
    `deleted ${details['documents'] === 1 ? 'a document' : `${Number(details['documents']).toLocaleString('en')} documents`} of a knowledge base`,
    'delete documents of a knowledge base',
  ],
  'knowledge_base.deleted': ({ details: { name } }) => [
    `deleted the knowledge base ${text(name) || 'with all its documents'}`,
    'delete a knowledge base',
  ],
  'review.decided': ({ details }) => decisions[text(details['decision'])] ?? ['decided a review', 'decide a review'],
  'review.voted': () => ['said what they want of a review that several decide', 'take part in a decision'],
  'review.assigned': ({ details: { to } }) =>
    to === null ? ['gave a review back to everybody', 'assign a review'] : ['assigned a review', 'assign a review'],
  'review.delegated': () => ['handed a review to somebody else', 'hand on a review'],
  'review.secret_rotated': () => ['replaced the secret that decisions are signed with', 'replace the signing secret'],
  'workflow.published': ({ details: { slug, version } }) => [
    `published ${text(slug) || 'a workflow'}${typeof version === 'number' ? `, version ${version}` : ''}`,
    'publish a workflow',
  ],
  'workflow.rolled_back': ({ details: { slug, restores } }) => [
    `brought back version ${String(restores)} of ${text(slug) || 'a workflow'}`,
    'bring back an older version of a workflow',
  ],
  'trigger.created': ({ details }) => [`added ${triggerIn(details)}`, `add ${triggerIn(details)}`],
  'trigger.changed': ({ details }) => [`changed ${triggerIn(details)}`, `change ${triggerIn(details)}`],
  'trigger.secret_rotated': ({ details }) => [
    `replaced the secret of ${triggerIn(details)}`,
    `replace the secret of ${triggerIn(details)}`,
  ],
  'trigger.deleted': ({ details }) => [`deleted ${triggerIn(details)}`, `delete ${triggerIn(details)}`],
  'run.cancelled': () => ['cancelled a run', 'cancel a run'],
  'run.signalled': () => ['told waiting runs of an event', 'tell waiting runs of an event'],
  'run.paused': () => ['paused a run', 'pause a run'],
  'run.resumed': () => ['let a paused run go on', 'let a paused run go on'],
  'run.retried': () => ['retried a run', 'retry a run'],
  'run.replayed': () => ['ran a request again', 'run a request again'],
  'run.forked': () => ['branched off a run', 'branch off a run'],
  'runs.acted_on': ({ details: { what, runs } }) => [`did “${humanize(text(what))}” to ${runsIn(runs)}`, 'act on many runs'],
  'runs.dismissed': ({ details: { runs } }) => [`dismissed the failure of ${runsIn(runs)}`, 'dismiss failures'],
  'run_limits.changed': () => ['changed the limits of runs', 'change the limits of runs'],
  'alert.acknowledged': () => ['acknowledged an alert', 'acknowledge an alert'],
  'audit.forgotten': ({ details }) => [
    `deleted ${countOf(details['entries'])} whose retention period was over`,
    'delete old entries',
  ],
}

/** Whole sentences, where nobody in particular acts. */
const SENTENCES: Record<string, (who: string, words: Words) => string> = {
  'code.requested': () => 'A sign-in code was asked for',
  'code.refused': (_who, { details }) =>
    details['retryAfterSeconds'] === undefined ? 'A code did not work' : 'Another code was refused: too many were asked for',
  'sign_in.failed': (_who, { details }) =>
    `A sign-in failed: ${details['reason'] === 'locked' ? 'the address is locked for now' : 'the code did not work'}`,
  'refresh.reused': (who) => `A session of ${who} was used from two places and ended`,
  'token.refused': (who, { details }) => {
    if (details['reason'] === 'revoked') return `${who} was refused: its access was revoked`
    return who === SOMEBODY ? 'An access token that is not valid was refused' : `${who} was refused an access token`
  },
  'access.denied': (who, { details }) => {
    if (details['reason'] === 'page') return 'A request from another website was refused'
    const missing = text(details['missing'])
    return missing ? `${who} was refused: they may not ${rightsIn(missing)}` : `${who} was refused`
  },
  'rate.limited': (who) => `${who} asked too often and was turned away`,
}

const SOMEBODY = 'Somebody'

/** An entry as one sentence: `Olga Owner changed Rita Reviewer’s role to Reviewer.` */
export function sentenceOf({ action, outcome, actor, person, details: given }: Told): string {
  const details = (given ?? {}) as Record<string, unknown>
  const who = actor ? nameOf(actor) : action in SENTENCES ? SOMEBODY : 'Signalbox'
  const words = { details, person: person?.displayName ?? 'a member' }
  const times = typeof details['count'] === 'number' ? ` (${details['count'].toLocaleString('en')} times)` : ''
  const whole = SENTENCES[action]
  if (whole) return `${whole(who, words)}${times}.`
  const [past, infinitive] = VERBS[action]?.(words) ?? [`did “${humanize(action)}”`, `do “${humanize(action)}”`]
  if (outcome === 'ALLOWED') return `${who} ${past}${times}.`
  return `${who} wanted to ${infinitive} and ${outcome === 'DENIED' ? 'was refused' : 'did not succeed'}${times}.`
}

const possessive = (name: string) => `${name}’s`
/** `audit:read, org:admin`: `read the audit trail or manage members, programs and connections`. */
const rightsIn = (scopes: string) =>
  scopes
    .split(', ')
    .map((scope) => lowerFirst(scopeWords(scope)))
    .join(' or ')
const lowerFirst = (words: string) => words.charAt(0).toLowerCase() + words.slice(1)
const countOf = (entries: unknown) => (entries === 1 ? '1 entry' : `${Number(entries).toLocaleString('en')} entries`)
const triggerKinds: Record<string, string> = { SCHEDULE: 'the schedule', WEBHOOK: 'the webhook', RUN_EVENT: 'the follow-up' }
const triggerIn = ({ kind, name }: Record<string, unknown>) => `${triggerKinds[text(kind)] ?? 'the trigger'} “${text(name)}”`
const runsIn = (runs: unknown) => (runs === 1 ? 'one run' : `${Number(runs).toLocaleString('en')} runs`)
const hostOf = ({ host }: Record<string, unknown>) => text(host) || 'another service'

import type { Role } from '../../gql/graphql.ts'
import { humanize, roleWords } from '../../ui/words.ts'
import { scopeWords } from '../../ui/scope-words.ts'

/** Where the name of a detail alone would not say what it is. */
const NAMES: Record<string, string> = {
  address: 'Address, as a hash',
  by: 'By way of',
  client: 'Program',
  count: 'Times',
  missing: 'Rights that were missing',
  retryAfterSeconds: 'Seconds to wait',
  runId: 'Run',
  scopes: 'Rights',
  scope: 'Rights',
  userId: 'Account',
}
const TARGETS: Record<string, string> = { ServiceClient: 'Program', Challenge: 'Sign-in code', User: 'Person' }
const ROLE = /^(AGENCY|CLIENT)_[A-Z]+$/
const SCOPES = /^[a-z]+:[a-z]+([ ,]+[a-z]+:[a-z]+)*$/

/** The details of an entry as people say them: `{ from: 'CLIENT_VIEWER', to: 'CLIENT_OWNER' }` is `From: Viewer`, `To: Owner`. */
export function detailsInWords(details: unknown): string[] {
  const given = Object.entries((details ?? {}) as Record<string, unknown>)
  return given
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${NAMES[name] ?? humanize(name)}: ${inWords(value)}`)
}

/** What kind of thing was acted on: `ServiceClient` is `Program`, as the settings call it. */
export const targetWords = (type: string): string => TARGETS[type] ?? humanize(type)

function inWords(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') return value.toLocaleString('en')
  const text = String(value)
  if (ROLE.test(text)) return roleWords(text as Role)
  if (SCOPES.test(text)) return text.split(/[ ,]+/).map(scopeWords).join(', ')
  return /^[A-Z_]+$/.test(text) ? text.replaceAll('_', ' ').toLowerCase() : text
}

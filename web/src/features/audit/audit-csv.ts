import type { AuditEventsQuery } from '../../gql/graphql.ts'
import { nameOf } from '../../ui/actor-name.ts'
import { sentenceOf } from './audit-sentence.ts'

export type AuditEntry = AuditEventsQuery['auditEvents']['nodes'][number]

const columns: [name: string, of: (entry: AuditEntry) => string | number | null | undefined][] = [
  ['time', ({ at }) => at],
  ['organisation', ({ organization }) => organization?.name],
  ['what', sentenceOf],
  ['action', ({ action }) => action],
  ['outcome', ({ outcome }) => outcome],
  ['actor', ({ actor }) => (actor ? nameOf(actor) : '')],
  ['actor id', ({ actorId }) => actorId],
  ['target', ({ target }) => target && `${target.type} ${target.id}`],
  ['operation', ({ operation }) => operation],
  ['request', ({ requestId }) => requestId],
  ['network', ({ source }) => source],
  ['scopes', ({ scopes }) => scopes.join(' ')],
  ['details', ({ details }) => JSON.stringify(details)],
  ['sequence', ({ sequence }) => sequence],
  ['hash', ({ hash }) => hash],
]

/** RFC 4180, with a mark for spreadsheets that it is UTF-8. */
export function toCsv(entries: AuditEntry[]): string {
  const lines = entries.map((entry) => columns.map(([, of]) => cell(String(of(entry) ?? ''))).join())
  return `\uFEFF${[columns.map(([name]) => name).join(), ...lines].join('\r\n')}\r\n`
}

/** What a spreadsheet would run as a formula begins with an apostrophe. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

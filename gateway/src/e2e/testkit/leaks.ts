import type { ForeignCase } from './foreign-arguments.ts'
import type { Answer } from './session.ts'
import type { Tenant } from './world.ts'

/** What tells of a tenant: its mark, which all its texts carry, and its ids. */
const signsOf = ({ mark, ids }: Tenant): string[] => [mark, mark.toLowerCase(), ...Object.values(ids)]

/** Everything of a tenant that stands in a raw answer although the caller did not send it. */
export function leaksOf(tenant: Tenant, answer: unknown, sent: unknown = null): string[] {
  const [text, question] = [JSON.stringify(answer), JSON.stringify(sent)]
  return signsOf(tenant).filter((sign) => text.includes(sign) && !question.includes(sign))
}

/** Answers that show nothing, because the question was not one. */
const BROKEN = ['GRAPHQL_VALIDATION_FAILED', 'QUERY_TOO_COMPLEX', 'RATE_LIMITED', 'INTERNAL', 'UNAVAILABLE']

export const codesOf = ({ errors = [] }: Answer): unknown[] => errors.map(({ extensions }) => extensions['code'])

const isEmpty = ({ data }: Answer) => Object.values((data ?? {}) as object).every((value) => value === null)

/** What is wrong with the answer to a question about another tenant, in words; undefined: nothing. */
export function faultOf({ outcome, variables }: ForeignCase, answer: Answer, theirs: Tenant): string | undefined {
  const text = JSON.stringify(answer)
  const codes = codesOf(answer)
  const leaks = leaksOf(theirs, answer, variables)
  if (leaks.length > 0) return `tells of ${leaks.join(', ')}: ${text}`
  if (codes.some((code) => BROKEN.includes(String(code)))) return `was no question: ${text}`
  if (outcome === 'NOT_FOUND' && !(codes.length === 1 && codes[0] === 'NOT_FOUND' && isEmpty(answer)))
    return `is not NOT_FOUND: ${text}`
  if (outcome === 'REFUSED' && !(codes.length > 0 && isEmpty(answer))) return `is not refused: ${text}`
  return undefined
}

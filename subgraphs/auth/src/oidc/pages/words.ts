import type { Scope } from '@signalbox/shared/scopes'

/** What an application would be able to do, in words for the person who decides about it. */
const SCOPE_WORDS: Record<Scope, string> = {
  'wrm:read': 'see workflows and their runs, with what went in and came out',
  'wrm:write': 'start, retry and cancel runs in your name',
  'hitl:decide': 'decide in your name what waits for a person',
  'kb:read': 'search and read the documents of your knowledge bases',
  'kb:write': 'add and change documents of your knowledge bases',
  'kpi:read': 'see what the workflows are worth: times, savings, quality',
  'telemetry:read': 'see technical health: delays, errors and costs',
  'audit:read': 'read the audit trail: who did what, and when',
  'org:admin': 'manage members, roles and programs of the organisation',
  'workflow:publish': 'publish new versions of workflows',
}

const PERSON_WORDS: Record<string, string> = {
  openid: 'know that it is you',
  profile: 'see your name',
  email: 'see your e-mail address',
}

/** One half sentence for each right that has words of its own, in the order of the platform's list. */
export function wordsOf(scopes: Iterable<string>): string[] {
  const asked = new Set(scopes)
  return Object.entries({ ...PERSON_WORDS, ...SCOPE_WORDS }).flatMap(([scope, words]) => (asked.has(scope) ? [words] : []))
}

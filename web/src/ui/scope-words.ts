/** What each scope lets somebody do, as people say it. */
const words: Record<string, string> = {
  'wrm:read': 'See runs and workflows',
  'wrm:write': 'Start, cancel and annotate runs',
  'hitl:decide': 'Decide what waits for a person',
  'kb:read': 'Read the knowledge that answers are made from',
  'kb:write': 'Add and change knowledge',
  'kpi:read': 'See what the automations are worth',
  'telemetry:read': 'See technical health and cost',
  'audit:read': 'Read the audit trail',
  'org:admin': 'Manage members, programs and connections',
  'workflow:publish': 'Change and publish workflows',
}

const order = Object.keys(words)

/** From the most common to the most powerful. */
export const inOrder = (scopes: readonly string[]): string[] => [...scopes].sort((a, b) => order.indexOf(a) - order.indexOf(b))

export const scopeWords = (scope: string): string => words[scope] ?? scope

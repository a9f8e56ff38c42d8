import { inTurn } from './in-turn.ts'

/** Operations that use the refresh token up, as a renewal does. */
const ROTATING = new Set(['SwitchOrganization'])

/** `fetch` for the dashboard's operations: those that use the refresh token up wait for their turn. */
export const sessionFetch: typeof fetch = (input, init) =>
  ROTATING.has(operationIn(init?.body)) ? inTurn(() => fetch(input, init)) : fetch(input, init)

function operationIn(body: unknown): string {
  if (typeof body !== 'string') return ''
  try {
    return (JSON.parse(body) as { operationName?: string }).operationName ?? ''
  } catch {
    return ''
  }
}

const REFRESH = 'mutation RefreshSession { refreshSession { viewer { role scopes organization { id } } } }'

/** Headers of every call: the second proves to the gateway that our own script sent it (a foreign page cannot set it). */
export const requestHeaders = { 'x-signalbox-csrf': '1' }

/** `renewed`: repeat what failed. `ended`: nobody is signed in any more. `unreachable`: ask again later. */
export type RefreshOutcome = 'renewed' | 'ended' | 'unreachable'

/** What a session may do and where, as its renewal says: it may have changed since the page was loaded. */
export interface SessionRights {
  role?: string | null
  scopes: readonly string[]
  organization: { id: string }
}

const listeners = new Set<(rights: SessionRights) => void>()

/** Tells of the rights after each renewal. @returns how to stop */
export function onSessionRenewed(listener: (rights: SessionRights) => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

let running: Promise<RefreshOutcome> | undefined

/**
 * Asks for a new access cookie; requests that fail at the same time share one call, and tabs take turns, because a refresh token is good
 * for one use.
 */
export function refreshSession(): Promise<RefreshOutcome> {
  running ??= inTurn(requestNewSession).finally(() => (running = undefined))
  return running
}

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  return 'locks' in navigator ? navigator.locks.request('signalbox-refresh', work) : work()
}

async function requestNewSession(): Promise<RefreshOutcome> {
  try {
    const answer = await fetch('/graphql', {
      method: 'POST',
      credentials: 'same-origin',
      headers: { ...requestHeaders, 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query: REFRESH, operationName: 'RefreshSession' }),
    })
    const body = (await answer.json()) as RefreshAnswer
    const rights = body.data?.refreshSession?.viewer
    if (rights) {
      for (const listener of listeners) listener(rights)
      return 'renewed'
    }
    const codes = (body.errors ?? []).map((error) => error.extensions?.code)
    return codes.some((code) => code === 'UNAUTHENTICATED' || code === 'FORBIDDEN' || code === 'NOT_FOUND')
      ? 'ended'
      : 'unreachable'
  } catch {
    return 'unreachable'
  }
}

interface RefreshAnswer {
  data?: { refreshSession?: { viewer?: SessionRights } | null } | null
  errors?: { extensions?: { code?: string } }[]
}

import { inTurn } from './in-turn.ts'

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

/** Where tabs tell each other of the last renewal. */
const LAST = 'signalbox-renewed'

interface Renewal {
  /** Milliseconds since the epoch: when it was asked for. */
  askedAt: number
  rights: SessionRights
}

let running: Promise<RefreshOutcome> | undefined

/**
 * Asks for a new access cookie. A refresh token is good for one use, and a second one ends the session: so requests that fail at the same
 * time share one call, tabs take turns, and a tab whose turn comes after another's renewal takes that for its own.
 */
export function refreshSession(): Promise<RefreshOutcome> {
  running ??= renewInTurn(Date.now()).finally(() => (running = undefined))
  return running
}

function renewInTurn(wantedAt: number): Promise<RefreshOutcome> {
  return inTurn(async () => {
    const last = lastRenewal()
    if (last === undefined || last.askedAt <= wantedAt) return requestNewSession()
    tell(last.rights)
    return 'renewed'
  })
}

function lastRenewal(): Renewal | undefined {
  try {
    const last = JSON.parse(localStorage.getItem(LAST) ?? 'null') as Renewal | null
    return last ?? undefined
  } catch {
    return undefined
  }
}

function keepRenewal(renewal: Renewal) {
  try {
    localStorage.setItem(LAST, JSON.stringify(renewal))
  } catch {
    // The other tabs will ask for themselves.
  }
}

function tell(rights: SessionRights) {
  for (const listener of listeners) listener(rights)
}

async function requestNewSession(): Promise<RefreshOutcome> {
  const askedAt = Date.now()
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
      keepRenewal({ askedAt, rights })
      tell(rights)
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

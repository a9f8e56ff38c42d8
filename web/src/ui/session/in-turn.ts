/** Milliseconds. Longer than any call takes, and than the minute that browsers make hidden pages wait for a timer. */
const LEASE = 75_000
/** Until what another tab wrote at the same time has come through. */
const SETTLE = 50
const NAME = 'signalbox-refresh'

/**
 * Does one thing at a time over all tabs of this browser: what uses the refresh token up. Two at once would look like a theft and end
 * the session. By the Web Locks API; where a page has none, because it did not come over TLS, by a lease in the local storage.
 */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  return 'locks' in navigator ? navigator.locks.request(NAME, work) : withLease(work)
}

async function withLease<T>(work: () => Promise<T>): Promise<T> {
  const storage = storageIfAny()
  if (storage === undefined) return work()
  const mine = crypto.getRandomValues(new Uint32Array(4)).join('-')
  const giveBack = () => {
    if (holderIn(storage) === mine) storage.removeItem(NAME)
  }
  await take(storage, mine)
  window.addEventListener('pagehide', giveBack)
  try {
    return await work()
  } finally {
    window.removeEventListener('pagehide', giveBack)
    giveBack()
  }
}

/** Writes its name where there is none and, of those who did so at the same time, lets the last one have it. */
async function take(storage: Storage, mine: string): Promise<void> {
  for (;;) {
    if (holderIn(storage) === undefined) {
      storage.setItem(NAME, JSON.stringify({ holder: mine, until: Date.now() + LEASE }))
      await pause()
      if (holderIn(storage) === mine) return
    }
    await pause()
  }
}

function holderIn(storage: Storage): string | undefined {
  try {
    const { holder, until } = JSON.parse(storage.getItem(NAME) ?? '{}') as { holder?: string; until?: number }
    return until !== undefined && until > Date.now() ? holder : undefined
  } catch {
    return undefined
  }
}

function storageIfAny(): Storage | undefined {
  try {
    return window.localStorage
  } catch {
    // The person has forbidden it: then every tab is on its own.
    return undefined
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, SETTLE * (1 + Math.random())))

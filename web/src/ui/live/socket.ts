import { createClient, type Client } from 'graphql-ws'
import { refreshSession } from '../session/refresh-session.ts'
import { noteConnected, setConnectionState } from './connection-state.ts'

/** Close codes after which the access cookie has to be renewed before the next try. */
const FORBIDDEN = 4403
const UNAUTHORIZED = 4401
const GONE_FOR_GOOD = 1000
const MAX_WAIT_MS = 15_000

/** The one WebSocket of the page. It reconnects for ever, with jitter, at once when the network or the page comes back. */
export function createSocket(onSessionEnded: () => void): Client {
  let lastClose: number | undefined
  return createClient({
    url: async () => {
      if (isAboutTheToken(lastClose) && (await refreshSession()) === 'ended') onSessionEnded()
      lastClose = undefined
      return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`
    },
    lazyCloseTimeout: 3_000,
    keepAlive: 12_000,
    connectionAckWaitTimeout: 8_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: async (retries) => {
      setConnectionState(navigator.onLine ? 'reconnecting' : 'offline')
      if (retries > 0 || !isAboutTheToken(lastClose)) await waitOrWake(backoffMs(retries))
    },
    on: {
      connecting: (retrying) => setConnectionState(retrying ? 'reconnecting' : 'connecting'),
      connected: (_socket, _payload, wasRetry) => noteConnected(wasRetry),
      closed: (event) => {
        lastClose = (event as CloseEvent).code
        setConnectionState(lastClose === GONE_FOR_GOOD ? 'idle' : 'reconnecting')
      },
    },
  })
}

export const isAboutTheToken = (code: number | undefined): boolean => code === FORBIDDEN || code === UNAUTHORIZED

/** Doubles from half a second, with up to the same again as jitter, so that a restart is not answered by everybody at once. */
export const backoffMs = (retries: number, random = Math.random): number =>
  Math.min(MAX_WAIT_MS, 500 * 2 ** Math.min(retries, 5)) * (0.5 + random())

function waitOrWake(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      window.removeEventListener('online', done)
      document.removeEventListener('visibilitychange', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    window.addEventListener('online', done)
    document.addEventListener('visibilitychange', done)
  })
}

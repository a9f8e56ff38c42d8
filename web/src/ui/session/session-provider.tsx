import { createContext, use, useEffect, useRef, useState, type ReactNode } from 'react'
import { Provider } from 'urql'
import { setConnectionState } from '../live/connection-state.ts'

/** Forgets everything that was read for the former viewer or organisation and reads who is signed in now. */
const RenewContext = createContext<() => void>(() => {})

export const useRenewSession = () => use(RenewContext)

const EndedContext = createContext(false)

/** Whether a session of this page ended by itself: from another device, or by time. */
export const useSessionEnded = () => use(EndedContext)

const LeavingContext = createContext<(leaving: boolean) => void>(() => {})

/** Says whether the viewer is about to sign out: a session that ends then did not end by itself. */
export const useLeaving = () => use(LeavingContext)

type UrqlClient = Parameters<typeof Provider>[0]['value']
type CreateClient = (onSessionEnded: () => void) => { client: UrqlClient; dispose(): void }

export interface SessionProviderProps {
  /** Called once per session: a new session, or organisation, gets a client with an empty cache and a socket of its own. */
  createClient: CreateClient
  children: ReactNode
}

export function SessionProvider({ createClient, children }: SessionProviderProps) {
  const [{ session, hasEnded }, setState] = useState({ session: 0, hasEnded: false })
  const isLeaving = useRef(false)
  const setLeaving = (leaving: boolean) => void (isLeaving.current = leaving)
  const renew = () => {
    setLeaving(false)
    setState((current) => ({ session: current.session + 1, hasEnded: false }))
  }
  // What a former session's client still hears concerns nobody any more.
  const end = () => {
    const hasEndedByItself = !isLeaving.current
    setState((current) => (current.session === session ? { session: session + 1, hasEnded: hasEndedByItself } : current))
  }
  return (
    <RenewContext value={renew}>
      <EndedContext value={hasEnded}>
        <LeavingContext value={setLeaving}>
          <OneSession key={session} createClient={createClient} onEnded={end}>
            {children}
          </OneSession>
        </LeavingContext>
      </EndedContext>
    </RenewContext>
  )
}

interface OneSessionProps extends SessionProviderProps {
  onEnded(): void
}

function OneSession({ createClient, onEnded, children }: OneSessionProps) {
  const [gateway] = useState(() => createClient(onEnded))
  useEffect(
    () => () => {
      gateway.dispose()
      setConnectionState('idle')
    },
    [gateway],
  )
  return <Provider value={gateway.client}>{children}</Provider>
}

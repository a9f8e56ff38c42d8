import { createContext, use, useEffect, useState, type ReactNode } from 'react'
import { Provider } from 'urql'
import { setConnectionState } from '../live/connection-state.ts'

/** Forgets everything that was read for the former viewer or organisation and reads who is signed in now. */
const RenewContext = createContext<() => void>(() => {})

export const useRenewSession = () => use(RenewContext)

type UrqlClient = Parameters<typeof Provider>[0]['value']
type CreateClient = (onSessionEnded: () => void) => { client: UrqlClient; dispose(): void }

export interface SessionProviderProps {
  /** Called once per session: a new session, or organisation, gets a client with an empty cache and a socket of its own. */
  createClient: CreateClient
  children: ReactNode
}

export function SessionProvider({ createClient, children }: SessionProviderProps) {
  const [session, setSession] = useState(0)
  const renew = () => setSession((current) => current + 1)
  return (
    <RenewContext value={renew}>
      <OneSession key={session} createClient={createClient} onEnded={renew}>
        {children}
      </OneSession>
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

import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react'
import { Provider } from 'urql'
import { setConnectionState } from '../live/connection-state.ts'

/** Forgets everything that was read for the former viewer or organisation and reads who is signed in now. */
const RenewContext = createContext<() => void>(() => {})

export const useRenewSession = () => use(RenewContext)

type UrqlClient = Parameters<typeof Provider>[0]['value']

export interface SessionProviderProps {
  /** Called once per session: a new session, or organisation, gets a client with an empty cache and a socket of its own. */
  createClient(onSessionEnded: () => void): { client: UrqlClient; dispose(): void }
  children: ReactNode
}

export function SessionProvider({ createClient, children }: SessionProviderProps) {
  const [session, setSession] = useState(0)
  const renew = useMemo(() => () => setSession((current) => current + 1), [])
  const gateway = useMemo(() => createClient(renew), [createClient, renew, session])
  useEffect(
    () => () => {
      gateway.dispose()
      setConnectionState('idle')
    },
    [gateway],
  )
  return (
    <RenewContext value={renew}>
      <Provider key={session} value={gateway.client}>
        {children}
      </Provider>
    </RenewContext>
  )
}

import { useEffect, useRef } from 'react'
import { useBlocker } from 'react-router'

export interface LeaveGuard {
  /** Somebody is about to leave this page with something that is not stored. */
  asking: boolean
  leave(): void
  stay(): void
  /** Carries out a way out that was chosen, without asking. */
  freely(go: () => void | Promise<void>): Promise<void>
}

/** Asks before the page is left, or the tab closed, while something is not stored. */
export function useLeaveGuard(dirty: boolean): LeaveGuard {
  const free = useRef(false)
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => dirty && !free.current && currentLocation.pathname !== nextLocation.pathname,
  )
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (dirty && !free.current) event.preventDefault()
    }
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [dirty])
  return {
    asking: blocker.state === 'blocked',
    leave: () => blocker.proceed?.(),
    stay: () => blocker.reset?.(),
    freely: async (go) => {
      free.current = true
      await go()
    },
  }
}

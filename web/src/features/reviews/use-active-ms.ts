import { useEffect, useState } from 'react'
import { ActiveClock } from './active-clock.ts'

/** Somebody who has not moved for this long is not looking any more. */
const IDLE_MS = 60_000
const signs = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchstart'] as const

/** Counts the time during which the page is seen and somebody is at it; mount it once per review. */
export function useActiveClock(): ActiveClock {
  const [clock] = useState(() => new ActiveClock())
  useEffect(() => {
    let idle: ReturnType<typeof setTimeout> | undefined
    const stop = () => clock.stop()
    const wake = () => {
      clearTimeout(idle)
      if (document.visibilityState !== 'visible') return stop()
      clock.start()
      idle = setTimeout(stop, IDLE_MS)
    }
    wake()
    document.addEventListener('visibilitychange', wake)
    for (const sign of signs) document.addEventListener(sign, wake, { passive: true })
    return () => {
      clearTimeout(idle)
      stop()
      document.removeEventListener('visibilitychange', wake)
      for (const sign of signs) document.removeEventListener(sign, wake)
    }
  }, [clock])
  return clock
}

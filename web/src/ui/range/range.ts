import { useState } from 'react'
import { useSearchParams } from 'react-router'

export const ranges = [
  { value: '7d', label: '7 days', days: 7 },
  { value: '30d', label: '30 days', days: 30 },
  { value: '90d', label: '90 days', days: 90 },
] as const

const DAY_MS = 86_400_000
const usual = ranges[1]

/** The span of time that the figures are shown for, kept in the address; `renew` moves its end to now. */
export function useRange() {
  const [search, setSearch] = useSearchParams()
  const [now, setNow] = useState(Date.now)
  const chosen = ranges.find(({ value }) => value === search.get('range')) ?? usual
  return {
    chosen: chosen.value,
    label: chosen.label,
    range: { from: new Date(now - chosen.days * DAY_MS).toISOString(), to: new Date(now).toISOString() },
    /** For subscriptions, which must outlive the moment they are made in. */
    openRange: {
      from: new Date(dayOf(now) - chosen.days * DAY_MS).toISOString(),
      to: new Date(dayOf(now) + 7 * DAY_MS).toISOString(),
    },
    choose: (value: string) => setSearch(value === usual.value ? {} : { range: value }, { replace: true }),
    renew: () => setNow(Date.now()),
  }
}

const dayOf = (time: number) => Math.floor(time / DAY_MS) * DAY_MS

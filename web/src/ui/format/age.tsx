import { formatAge, formatMoment } from './time.ts'
import { useNow } from './use-now.ts'

export interface AgeProps {
  /** ISO time. */
  at: string
}

export function Age({ at }: AgeProps) {
  const now = useNow(5_000)
  return (
    <time dateTime={at} title={formatMoment(at)}>
      {formatAge(at, now)}
    </time>
  )
}

import type { TransitionFieldsFragment } from '../../gql/graphql.ts'

/** The log with one more entry: in order, and each number once, however often it is delivered. */
export function addTransition(log: TransitionFieldsFragment[], next: TransitionFieldsFragment): TransitionFieldsFragment[] {
  const last = log.at(-1)
  if (last === undefined || next.seq > last.seq) return [...log, next]
  const place = log.findIndex(({ seq }) => seq >= next.seq)
  return log[place]!.seq === next.seq ? log : log.toSpliced(place, 0, next)
}

/** The numbers that are missing between the first and the last: never any, unless something is wrong. */
export function gapsIn(log: Pick<TransitionFieldsFragment, 'seq'>[]): number[] {
  const seen = new Set(log.map(({ seq }) => seq))
  const last = log.at(-1)?.seq ?? 0
  return Array.from({ length: last }, (_, index) => index + 1).filter((seq) => !seen.has(seq))
}

import type { RunCheckpointsQuery } from '../../gql/graphql.ts'
import { humanize } from '../../ui/words.ts'

export type SavedState = NonNullable<RunCheckpointsQuery['run']>['checkpoints']['nodes'][number]

/** The steps that would run next, in words. */
export function nextWords(next: string[]): string {
  if (next.length === 0) return 'nothing: it is the end'
  return next.map((name) => (name === '__start__' ? 'the first step' : `“${humanize(name)}”`)).join(' and ')
}

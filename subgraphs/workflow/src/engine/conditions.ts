import type { Condition } from '../workflows/definition.ts'
import type { State } from './state.ts'

/** What each condition that an edge may name means. */
export const conditions: Record<Condition, (state: State) => boolean> = {
  'needs-person': ({ decision }) => decision?.personNeeded != null,
  'decided-automatically': ({ decision }) => decision?.personNeeded == null,
  accepted: ({ answer }) => answer !== null && answer.action !== 'REJECT',
  rejected: ({ answer }) => answer?.action === 'REJECT',
  done: ({ verdict }) => verdict?.outcome === 'done',
  'search-wider': ({ verdict }) => verdict?.outcome === 'search-wider',
  'give-to-person': ({ verdict }) => verdict?.outcome === 'give-to-person',
}

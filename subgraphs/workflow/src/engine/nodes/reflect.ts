import type { State, Verdict } from '../state.ts'
import type { Step } from './node.ts'

/** Looks at what came out. A reply that was held back gets a wider search, a limited number of times, then a person. */
export const reflect: Step = async (state, { definition }) => {
  const verdict = judge(state, definition.policy.maxWiderSearches)
  const update = verdict.outcome === 'search-wider' ? { verdict, widened: state.widened + 1 } : { verdict }
  return { update, summary: verdict.reason }
}

function judge({ answer, delivery, widened, evidence }: State, maxWiderSearches: number): Verdict {
  if (answer?.action === 'REJECT')
    return { outcome: 'done', reason: 'A person rejected the proposal; there is nothing left to do.' }
  if (delivery?.delivered) return { outcome: 'done', reason: 'The reply is in place and rests on what was found.' }
  const missing = evidence.length === 0 ? 'Nothing was found' : 'The reply does not rest on what was found'
  if (widened < maxWiderSearches) return { outcome: 'search-wider', reason: `${missing}: searching wider.` }
  return { outcome: 'give-to-person', reason: `${missing}, also after searching wider: a person must decide.` }
}

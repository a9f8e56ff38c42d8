import { StepError } from '../failures.ts'
import { textOf } from '../state.ts'
import type { Step } from './node.ts'

/** A query longer than this gains nothing: the embedding model reads about so much. */
const MAX_QUERY = 2_000

/** Sets how the run goes about the request: what to look for, and how much of it. */
export const plan: Step = async (state, { definition }) => {
  const query = textOf(state).replace(/\s+/g, ' ').trim().slice(0, MAX_QUERY)
  if (query === '') throw new StepError('INPUT', 'The request has no text to work on.', false)
  const words = query.split(' ').length
  const named = state.request['knowledgeBase']
  const knowledgeBases = typeof named === 'string' && named !== '' ? [named] : definition.knowledgeBases
  return {
    update: { approach: { query, knowledgeBases, limit: definition.evidence } },
    summary: `Read the request (${words} ${words === 1 ? 'word' : 'words'}) and chose where to look: ${knowledgeBases.join(', ')}.`,
  }
}

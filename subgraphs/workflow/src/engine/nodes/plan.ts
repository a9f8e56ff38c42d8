import { StepError } from '../failures.ts'
import { listOf, textOf, type Step } from './node.ts'

/** A query longer than this gains nothing: the embedding model reads about so much. */
const MAX_QUERY = 2_000

/** Sets how the run goes about the request: what it says, and where to look. */
export const plan: Step<'plan'> = async (context) => {
  const { node, definition } = context
  const text = textOf(context, node.text).trim()
  const query = text.replace(/\s+/g, ' ').slice(0, MAX_QUERY)
  if (query === '') throw new StepError('INPUT', 'The request has no text to work on.', false)
  const words = query.split(' ').length
  const knowledgeBases =
    node.knowledgeBases === undefined ? definition.knowledgeBases : listOf<string>(context, node.knowledgeBases)
  const where = knowledgeBases.length === 0 ? '' : ` and chose where to look: ${knowledgeBases.join(', ')}`
  return {
    result: { text, query, knowledgeBases },
    summary: `Read the request (${words} ${words === 1 ? 'word' : 'words'})${where}.`,
  }
}

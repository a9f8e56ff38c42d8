import { as, StepError } from '../failures.ts'
import { listOf, textOf, type Step } from './node.ts'

const MAX_PASSAGES = 200

/** Finds the passages that a decision rests on. A wider search asks for twice as many at each visit. */
export const retrieve: Step<'retrieve'> = async (context) => {
  const { node, session, definition, values } = context
  const { organizationId } = session.leased
  const query = textOf(context, node.query)
  const visits = (values['visits'] as Record<string, number>)[node.name] ?? 0
  const limit = Math.min(MAX_PASSAGES, node.widen ? node.limit * 2 ** visits : node.limit)
  const planned = (values['plan'] as { knowledgeBases?: string[] } | null | undefined)?.knowledgeBases
  const names =
    node.knowledgeBases === undefined ? (planned ?? definition.knowledgeBases) : listOf<string>(context, node.knowledgeBases)
  const embedding = await as('MODEL', 'The request could not be turned into a search.', () => session.tools.embed(query))
  const found = await as('KNOWLEDGE', 'The knowledge base cannot be searched at the moment.', () =>
    Promise.all(
      names.map(async (name) => {
        const base = await session.tools.knowledgeBase(organizationId, name)
        if (base === null) throw new StepError('KNOWLEDGE', `The knowledge base "${name}" does not exist.`, false)
        return session.tools.search({ organizationId, knowledgeBaseId: base.id, text: query, embedding, limit })
      }),
    ),
  )
  const evidence = found
    .flat()
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
  const count = evidence.length === 0 ? 'no passage' : evidence.length === 1 ? 'one passage' : `${evidence.length} passages`
  return {
    result: { evidence, query },
    summary: `Found ${count} in ${names.join(', ')}${visits > 0 && node.widen ? ', searching wider' : ''}.`,
  }
}

import { as, StepError } from '../failures.ts'
import type { Step } from './node.ts'

/** Finds the passages that the decision rests on, in every knowledge base that the plan names. A wider search asks for twice as many. */
export const retrieve: Step = async ({ approach, widened }, { session }) => {
  const { query, knowledgeBases, limit } = approach!
  const { organizationId } = session.leased
  const wanted = limit * 2 ** widened
  const embedding = await as('MODEL', 'The request could not be turned into a search.', () => session.tools.embed(query))
  const found = await as('KNOWLEDGE', 'The knowledge base cannot be searched at the moment.', () =>
    Promise.all(
      knowledgeBases.map(async (name) => {
        const base = await session.tools.knowledgeBase(organizationId, name)
        if (base === null) throw new StepError('KNOWLEDGE', `The knowledge base "${name}" does not exist.`, false)
        return session.tools.search({ organizationId, knowledgeBaseId: base.id, text: query, embedding, limit: wanted })
      }),
    ),
  )
  const evidence = found
    .flat()
    .sort((a, b) => b.score - a.score)
    .slice(0, wanted)
  const count = evidence.length === 0 ? 'no passage' : evidence.length === 1 ? 'one passage' : `${evidence.length} passages`
  return {
    update: { evidence },
    summary: `Found ${count} in ${knowledgeBases.join(', ')}${widened > 0 ? ', searching wider' : ''}.`,
  }
}

import { eventually, viewerOf, type WorkflowTestbed } from './testkit.ts'
import type { ShippedWorkflow } from '../workflows/shipped.ts'

type Node = Extract<ShippedWorkflow['definition']['nodes'][number], { kind: 'review' }>

const open = { type: 'object' }

/** A workflow that asks one thing, `ask`, and gives what was decided. Its input may be anything; `over` changes the question. */
export const asking = (over: Partial<Node> = {}): Partial<ShippedWorkflow['definition']> => ({
  input: open,
  output: open,
  agents: [],
  tools: [],
  knowledgeBases: [],
  nodes: [
    {
      name: 'ask',
      kind: 'review',
      question: 'Shall we pay?',
      proposal: { amount: 'input.amount', payee: 'input.payee' },
      ...over,
    },
  ],
  edges: [
    { from: '__start__', to: 'ask' },
    { from: 'ask', to: '__end__' },
  ],
  result: { action: 'ask.action', final: 'ask.final', by: 'ask.decidedBy' },
})

/** Starts a run with an invoice and waits for its questions, in the order of their steps' names. */
export async function ask(bed: WorkflowTestbed, input: object = {}, count = 1, starter = viewerOf(bed.organizationId)) {
  const { run } = await bed.as(starter).runs.start({ workflow: 'support-triage', input: { amount: 120, payee: 'Ada', ...input } })
  const reviews = await eventually(async () => {
    const found = (await bed.as().reviews.ofRun(run.id)) ?? []
    if (found.length < count) throw new Error(`${found.length} of ${count} reviews are open`)
    return found.toSorted((a, b) => a.node.localeCompare(b.node))
  })
  await bed.until(run.id, 'WAITING_FOR_REVIEW', 'RUNNING')
  return { runId: run.id, reviews, review: reviews[0]!, key: keyOf(reviews[0]!), starter }
}

export const keyOf = ({ id, checkpointId }: { id: string; checkpointId: string }) => ({ reviewId: id, checkpointId })

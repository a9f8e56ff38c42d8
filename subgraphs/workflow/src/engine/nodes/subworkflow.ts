import { ask } from '../ask.ts'
import { as, StepError } from '../failures.ts'
import type { ChildAnswer } from '../interrupts.ts'
import { valuesIn, type Step } from './node.ts'

const MAX_DEPTH = 8

/** Starts a run of another workflow and waits for its end, without a worker. */
export const subworkflow: Step<'subworkflow'> = async (context) => {
  const { node, session, task } = context
  if (session.leased.depth >= MAX_DEPTH) throw new StepError('BUDGET', `Runs may start each other ${MAX_DEPTH} deep.`, false)
  const { runId } = await as('TOOL', `The workflow "${node.workflow}" could not be started.`, () =>
    session.tools.startRun({
      parent: session.leased,
      workflow: node.workflow,
      version: node.version ?? null,
      input: valuesIn(context, node.input),
      idempotencyKey: `${session.leased.runId}:${task}`,
    }),
  )
  const { status, output, failure } = ask<ChildAnswer>(context.config, {
    type: 'wait',
    node: node.name,
    kind: 'RUN',
    childRunId: runId,
    summary: `Waits for a run of "${node.workflow}".`,
  })
  if (status !== 'SUCCEEDED') {
    const why = failure?.reason === undefined ? '' : `: ${failure.reason}`
    throw new StepError('TOOL', `The run of "${node.workflow}" ended as ${status.toLowerCase()}${why}`, false)
  }
  return { result: { runId, status, output }, summary: `The run of "${node.workflow}" succeeded.` }
}

import type { KnowledgeHit } from '../knowledge/knowledge-hit.ts'
import { drawGraph } from '../workflows/graph-drawing.ts'
import type { WorkflowDefinition } from '../workflows/definition.ts'
import { NodeState, RunGraphEdge, RunGraphNode, type RunAttempt, type RunGraph, type RunStep } from './run-graph.ts'
import { ENDED, TransitionKind } from './run-status.ts'
import type { Run } from './run.entity.ts'
import type { RunTransition } from './run-transition.entity.ts'

const STATE_AFTER: Partial<Record<TransitionKind, NodeState>> = {
  NODE_STARTED: NodeState.RUNNING,
  NODE_FINISHED: NodeState.SUCCEEDED,
  NODE_FAILED: NodeState.FAILED,
  RETRY_SCHEDULED: NodeState.RETRYING,
  REVIEW_REQUESTED: NodeState.WAITING,
}

/** The visits of steps, in order: a step that the run came back to appears again. */
export function stepsOf(log: RunTransition[]): RunStep[] {
  const steps: RunStep[] = []
  let open: RunStep | undefined
  let evidence: KnowledgeHit[] = []
  for (const transition of log) {
    if (transition.node === null) continue
    if (transition.kind === TransitionKind.NODE_STARTED) {
      const goesOn = open?.node === transition.node && open.attempts.at(-1)?.state !== NodeState.SUCCEEDED
      if (!goesOn) steps.push((open = { node: transition.node, agent: transition.agent, attempts: [], evidence }))
      open!.attempts.push(attemptOf(transition))
    } else if (open?.node === transition.node) {
      settle(open.attempts.at(-1)!, transition)
      evidence = evidenceIn(transition) ?? evidence
      open.evidence = evidence
    }
  }
  return steps
}

const attemptOf = ({ attempt, at }: RunTransition): RunAttempt => ({
  attempt: attempt ?? 1,
  state: NodeState.RUNNING,
  startedAt: at,
  finishedAt: null,
  durationMs: null,
  failure: null,
  usage: null,
})

function settle(attempt: RunAttempt, { kind, at, durationMs, failure, usage }: RunTransition) {
  attempt.state = STATE_AFTER[kind] ?? attempt.state
  if (kind === TransitionKind.NODE_FINISHED || kind === TransitionKind.NODE_FAILED)
    Object.assign(attempt, { finishedAt: at, durationMs })
  attempt.failure = failure ?? attempt.failure
  attempt.usage = usage ?? attempt.usage
}

const evidenceIn = ({ stateDiff }: RunTransition) => (stateDiff as { evidence?: KnowledgeHit[] } | null)?.evidence

/** The version's graph with each step's state in this run, and the ways that it took. */
export function progressOf(definition: WorkflowDefinition, run: Run, log: RunTransition[]): RunGraph {
  const drawn = drawGraph(definition)
  const visits = log
    .filter(({ kind, node }, index) => kind === TransitionKind.NODE_STARTED && isNewVisit(log, index, node!))
    .map(({ node }) => node!)
  const path = ['__start__', ...visits, ...(run.status === 'SUCCEEDED' ? ['__end__'] : [])]
  const taken = new Set(path.slice(1).map((to, index) => `${path[index]}>${to}`))
  return {
    nodes: drawn.nodes.map((node) => Object.assign(new RunGraphNode(), node, nodeProgress(node.name, run, log, visits))),
    edges: drawn.edges.map((edge) => Object.assign(new RunGraphEdge(), edge, { taken: taken.has(`${edge.from}>${edge.to}`) })),
    mermaid: drawn.mermaid,
  }
}

/** A start after a failed or interrupted try, or after a crash, continues the visit. */
function isNewVisit(log: RunTransition[], index: number, node: string): boolean {
  const before = log.slice(0, index).findLast((one) => one.node !== null)
  return before?.node !== node || before.kind === TransitionKind.NODE_FINISHED
}

function nodeProgress(name: string, run: Run, log: RunTransition[], visits: string[]) {
  const own = log.filter((transition) => transition.node === name)
  const last = own.findLast(({ kind }) => STATE_AFTER[kind] !== undefined)
  const state = last === undefined ? NodeState.PENDING : STATE_AFTER[last.kind]!
  const stopped =
    ENDED.includes(run.status) && (state === NodeState.PENDING || state === NodeState.RUNNING || state === NodeState.WAITING)
  return {
    state: stopped ? NodeState.SKIPPED : state,
    visits: visits.filter((visit) => visit === name).length,
    attempts: own.findLast(({ attempt }) => attempt !== null)?.attempt ?? 0,
    durationMs: own.findLast(({ kind }) => kind === TransitionKind.NODE_FINISHED)?.durationMs ?? null,
    lastSeq: own.at(-1)?.seq ?? null,
  }
}

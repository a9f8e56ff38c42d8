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
  WAITING: NodeState.WAITING,
}

/** One visit of a step: its transitions, and the steps that ended just before it, from which the run came. */
interface Visit {
  node: string
  log: RunTransition[]
  from: Set<string>
}

/**
 * The visits of steps, in order: a step that the run came back to appears again, and so does the body of a parallel map for each item. Steps
 * run in waves, side by side: all of a wave begin before any ends, and the next wave begins when all have ended. A start after a failed or
 * interrupted try, or after a crash, continues the visit.
 */
function visitsOf(log: RunTransition[]): Visit[] {
  const visits: Visit[] = []
  const open = new Map<string, Visit>()
  let ended = new Set<string>(['__start__'])
  let from = ended
  for (const transition of log) {
    const { node, item, kind } = transition
    if (node === null) continue
    const key = `${node}[${item ?? ''}]`
    let visit = open.get(key)
    if (kind === TransitionKind.NODE_STARTED && visit === undefined) {
      if (open.size === 0) {
        from = ended
        ended = new Set()
      }
      visit = { node, log: [], from }
      visits.push(visit)
      open.set(key, visit)
    }
    visit?.log.push(transition)
    if (kind === TransitionKind.NODE_FINISHED) {
      open.delete(key)
      ended.add(node)
    }
  }
  return visits
}

export function stepsOf(log: RunTransition[]): RunStep[] {
  let evidence: KnowledgeHit[] = []
  return visitsOf(log).map(({ node, log: own }) => {
    const attempts: RunAttempt[] = []
    for (const transition of own) {
      if (transition.kind === TransitionKind.NODE_STARTED) attempts.push(attemptOf(transition))
      else settle(attempts.at(-1)!, transition)
      evidence = evidenceIn(transition) ?? evidence
    }
    return { node, item: own[0]!.item, agent: own[0]!.agent, attempts, evidence }
  })
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

/** What the step found: it stands in its result. */
const evidenceIn = ({ stateDiff, node }: RunTransition) =>
  (stateDiff as Record<string, { evidence?: KnowledgeHit[] } | undefined> | null)?.[node ?? '']?.evidence

/** The version's graph with each step's state in this run, and the ways that it took. */
export function progressOf(definition: WorkflowDefinition, run: Run, log: RunTransition[]): RunGraph {
  const drawn = drawGraph(definition)
  const visits = visitsOf(log)
  const joins = new Set(definition.nodes.flatMap(({ name, join }) => (join === 'all' ? [name] : [])))
  const seen = new Set(visits.map(({ node }) => node))
  const last = visits.filter(({ log: own }) => own.at(-1)?.kind === TransitionKind.NODE_FINISHED).map(({ node }) => node)
  const isTaken = (from: string, to: string) =>
    to === '__end__'
      ? run.status === 'SUCCEEDED' && last.at(-1) === from
      : visits.some((visit) => visit.node === to && visit.from.has(from)) || (joins.has(to) && seen.has(to) && seen.has(from))
  return {
    nodes: drawn.nodes.map((node) => Object.assign(new RunGraphNode(), node, nodeProgress(node.name, run, log, visits))),
    edges: drawn.edges.map((edge) => Object.assign(new RunGraphEdge(), edge, { taken: isTaken(edge.from, edge.to) })),
    mermaid: drawn.mermaid,
  }
}

function nodeProgress(name: string, run: Run, log: RunTransition[], visits: Visit[]) {
  const own = log.filter((transition) => transition.node === name)
  const last = own.findLast(({ kind }) => STATE_AFTER[kind] !== undefined)
  const state = last === undefined ? NodeState.PENDING : STATE_AFTER[last.kind]!
  const stopped =
    ENDED.includes(run.status) && (state === NodeState.PENDING || state === NodeState.RUNNING || state === NodeState.WAITING)
  return {
    state: stopped ? NodeState.SKIPPED : state,
    visits: visits.filter((visit) => visit.node === name).length,
    attempts: own.findLast(({ attempt }) => attempt !== null)?.attempt ?? 0,
    durationMs: own.findLast(({ kind }) => kind === TransitionKind.NODE_FINISHED)?.durationMs ?? null,
    lastSeq: own.at(-1)?.seq ?? null,
  }
}

import { useMemo } from 'react'
import type { RunQuery } from '../../gql/graphql.ts'
import { formatDuration } from '../../ui/format/time.ts'
import Graph from '../../ui/graph/graph.tsx'
import { isActive, nodeStateLooks } from './node-state.ts'

export type RunGraph = NonNullable<RunQuery['run']>['graph']

/** The workflow's steps and ways with the state of this run in them. */
export default function StateGraph({ graph }: { graph: RunGraph }) {
  const steps = useMemo(() => graph.nodes.map(stepOf), [graph])
  return <Graph label="State graph" steps={steps} ways={graph.edges} />
}

function stepOf({ name, state, visits, attempts, durationMs }: RunGraph['nodes'][number]) {
  const { word, tone, Icon } = nodeStateLooks[state]
  const stands = state === 'SUCCEEDED' && durationMs != null ? formatDuration(durationMs) : word
  return {
    name,
    state,
    tone,
    Icon,
    line: `${stands}${visits > 1 ? ` · ×${visits}` : ''}`,
    spoken: attempts > 1 ? `${word}, try ${attempts}` : word,
    quiet: state === 'PENDING' || state === 'SKIPPED',
    active: isActive(state),
  }
}

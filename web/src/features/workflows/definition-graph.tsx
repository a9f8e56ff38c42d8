import { useMemo } from 'react'
import type { GraphFieldsFragment } from '../../gql/graphql.ts'
import Graph from '../../ui/graph/graph.tsx'
import { kindLooks } from './node-kinds.ts'

/** The steps of a definition before it ever ran, by what each does. */
export default function DefinitionGraph({ graph }: { graph: GraphFieldsFragment }) {
  const steps = useMemo(
    () => graph.nodes.map(({ name, kind }) => ({ name, line: kindLooks(kind).word, ...kindLooks(kind) })),
    [graph],
  )
  const ways = useMemo(() => graph.edges.map((edge) => ({ ...edge, taken: edge.condition == null })), [graph])
  return <Graph label="Steps of the workflow" steps={steps} ways={ways} />
}

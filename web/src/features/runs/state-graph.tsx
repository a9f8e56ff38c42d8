import Box from '@mui/material/Box'
import useMediaQuery from '@mui/material/useMediaQuery'
import { useTheme, type Theme } from '@mui/material/styles'
import { MarkerType, Position, ReactFlow, type Edge } from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import { useMemo } from 'react'
import type { RunQuery } from '../../gql/graphql.ts'
import { visuallyHidden } from '../../ui/states/visually-hidden.ts'
import { humanize } from '../../ui/words.ts'
import { layOut } from './graph-layout.ts'
import { nodeStateLooks } from './node-state.ts'
import { StepNode, type StepFlowNode } from './step-node.tsx'

export type RunGraph = NonNullable<RunQuery['run']>['graph']

const WIDE = { width: 152, height: 62, along: 196, aside: 104 }
const NARROW = { width: 148, height: 56, along: 84, aside: 148 }
const nodeTypes = { step: StepNode }
const isEnd = (name: string) => name.startsWith('__')

/** The workflow's steps and ways with the state of this run in them. Read aloud it is a list. */
export default function StateGraph({ graph }: { graph: RunGraph }) {
  const narrow = useMediaQuery((theme: Theme) => theme.breakpoints.down('md'))
  const { vars } = useTheme()
  const { nodes, edges, height } = useMemo(() => toFlow(graph, narrow, vars.palette), [graph, narrow, vars])
  return (
    <Box role="group" aria-label="State graph">
      <Box component="ol" sx={visuallyHidden}>
        {graph.nodes.map(({ name, state, attempts }) => (
          <li key={name}>
            {humanize(name)}: {nodeStateLooks[state].word}
            {attempts > 1 && `, try ${attempts}`}
          </li>
        ))}
      </Box>
      <Box
        aria-hidden
        sx={{ height, '& .react-flow__edge-text': { fill: vars.palette.text.secondary, fontSize: 11, fontWeight: 600 } }}
      >
        <ReactFlow
          key={narrow ? 'narrow' : 'wide'}
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          fitView
          fitViewOptions={{ padding: { x: '34px', y: '6px' }, maxZoom: 1, minZoom: 0.3 }}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          panOnDrag={false}
          zoomOnScroll={false}
          zoomOnPinch={false}
          zoomOnDoubleClick={false}
          preventScrolling={false}
          proOptions={{ hideAttribution: true }}
        />
      </Box>
    </Box>
  )
}

type Palette = NonNullable<Theme['vars']>['palette']

function toFlow(graph: RunGraph, narrow: boolean, palette: Palette): { nodes: StepFlowNode[]; edges: Edge[]; height: number } {
  const size = narrow ? NARROW : WIDE
  const ways = graph.edges.filter(({ from, to }) => !isEnd(from) && !isEnd(to))
  const layout = layOut(
    graph.nodes.map(({ name }) => name),
    ways,
  )
  const laneOf = new Map(layout.nodes.map(({ name, lane }) => [name, lane]))
  const nodes = layout.nodes.map(({ name, rank, lane }): StepFlowNode => {
    const step = graph.nodes.find((node) => node.name === name)!
    const [along, aside] = [rank * size.along, lane * size.aside]
    return {
      id: name,
      type: 'step',
      position: narrow ? { x: aside, y: along } : { x: along, y: aside },
      width: size.width,
      height: size.height,
      data: { step, narrow },
      targetPosition: narrow ? Position.Top : Position.Left,
    }
  })
  const edges = ways.map((way, index): Edge => {
    const back = layout.back.has(index)
    const beside = laneOf.get(way.to) === 1
    const color = way.taken ? palette.primary.main : palette.text.secondary
    return {
      id: `${way.from}-${way.to}-${index}`,
      source: way.from,
      target: way.to,
      type: 'smoothstep',
      ...(back && { sourceHandle: beside ? 'far-out' : 'near-out', targetHandle: beside ? 'far-in' : 'near-in' }),
      style: {
        stroke: color,
        strokeWidth: way.taken ? 2.5 : 1.25,
        strokeDasharray: way.taken ? undefined : '4 4',
        opacity: way.taken ? 1 : 0.7,
      },
      markerEnd: { type: MarkerType.ArrowClosed, color, width: way.taken ? 9 : 14, height: way.taken ? 9 : 14 },
      pathOptions: { borderRadius: 14, offset: back ? 22 : 14 },
    } as Edge
  })
  const lanes = 1 + Math.max(0, ...layout.nodes.map(({ lane }) => lane))
  const height = narrow ? (layout.ranks - 1) * size.along + size.height + 24 : (lanes - 1) * size.aside + size.height + 84
  return { nodes, edges, height }
}

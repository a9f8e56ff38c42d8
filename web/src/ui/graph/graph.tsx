import Box from '@mui/material/Box'
import useMediaQuery from '@mui/material/useMediaQuery'
import { useTheme, type Theme } from '@mui/material/styles'
import { MarkerType, Position, ReactFlow, type Edge } from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import { useMemo } from 'react'
import { visuallyHidden } from '../states/visually-hidden.ts'
import { humanize } from '../words.ts'
import { layOut, type Way } from './graph-layout.ts'
import { GraphNode, type GraphStep, type StepFlowNode } from './graph-node.tsx'

export interface GraphProps {
  label: string
  steps: GraphStep[]
  /** `taken`: drawn through; the others are dashed. Ends (`__start__`) are left out. */
  ways: (Way & { taken: boolean })[]
}

const WIDE = { width: 152, height: 62, along: 196, aside: 104 }
const NARROW = { width: 148, height: 56, along: 84, aside: 164 }
const nodeTypes = { step: GraphNode }
const isEnd = (name: string) => name.startsWith('__')

/** The steps of a workflow and the ways between them. Read aloud it is a list. */
export default function Graph({ label, steps, ways }: GraphProps) {
  const narrow = useMediaQuery((theme: Theme) => theme.breakpoints.down('md'))
  const { vars } = useTheme()
  const { nodes, edges, width, height } = useMemo(() => toFlow(steps, ways, narrow, vars.palette), [steps, ways, narrow, vars])
  // The view is fitted once, when it is made.
  const shape = nodes.map(({ id, position: { x, y } }) => `${id}:${x}:${y}`).join()
  return (
    <Box role="group" aria-label={label}>
      <Box component="ol" sx={visuallyHidden}>
        {steps.map(({ name, line, spoken = line }) => (
          <li key={name}>
            {humanize(name)}: {spoken}
          </li>
        ))}
      </Box>
      <Box aria-hidden sx={{ aspectRatio: `${width} / ${height}`, maxHeight: height, width: '100%' }}>
        <ReactFlow
          key={`${narrow ? 'narrow' : 'wide'} ${shape}`}
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

function toFlow(
  steps: GraphStep[],
  all: GraphProps['ways'],
  narrow: boolean,
  palette: Palette,
): { nodes: StepFlowNode[]; edges: Edge[]; width: number; height: number } {
  const size = narrow ? NARROW : WIDE
  const ways = all.filter(({ from, to }) => !isEnd(from) && !isEnd(to))
  const layout = layOut(
    steps.map(({ name }) => name),
    ways,
  )
  const laneOf = new Map(layout.nodes.map(({ name, lane }) => [name, lane]))
  const nodes = layout.nodes.map(({ name, rank, lane }): StepFlowNode => {
    const step = steps.find((one) => one.name === name)!
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
    const beside = (laneOf.get(way.to) ?? 0) > 0
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
  const along = (layout.ranks - 1) * size.along
  const aside = (lanes - 1) * size.aside
  // With room for the ways back. A drawing that is wider than its place becomes smaller as a whole.
  return narrow
    ? { nodes, edges, width: aside + size.width + 68, height: along + size.height + 24 }
    : { nodes, edges, width: along + size.width + 68, height: aside + size.height + 84 }
}

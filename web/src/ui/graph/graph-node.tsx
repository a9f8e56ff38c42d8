import type { SvgIconComponent } from '@mui/icons-material'
import Box from '@mui/material/Box'
import { keyframes } from '@mui/material/styles'
import { Handle, Position, type Node, type NodeProps } from '@xyflow/react'
import { memo } from 'react'
import { toneColor, type Tone } from '../status/status-chip.tsx'
import { humanize } from '../words.ts'

/** A step as it is drawn. */
export interface GraphStep {
  name: string
  /** Under the name: how it stands, or what it does. */
  line: string
  tone: Tone
  Icon: SvgIconComponent
  /** Drawn with a dashed outline: nothing happened here. */
  quiet?: boolean
  /** Pulses, unless motion is unwelcome. */
  active?: boolean
  /** Instead of the line where the steps are read aloud. */
  spoken?: string
  /** For whoever looks for it on the page. */
  state?: string
}

export type StepFlowNode = Node<{ step: GraphStep; narrow: boolean }, 'step'>

const pulse = keyframes`
  0% { box-shadow: 0 0 0 0 color-mix(in srgb, currentColor 55%, transparent) }
  70% { box-shadow: 0 0 0 12px transparent }
  100% { box-shadow: 0 0 0 0 transparent }
`
const hidden = { opacity: 0, pointerEvents: 'none' } as const
const oneLine = { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' } as const

/** A step as a signal: its lamp says how it stands. */
export const GraphNode = memo(function GraphNode({ data: { step, narrow } }: NodeProps<StepFlowNode>) {
  const { name, line, tone, Icon, quiet = false, active = false } = step
  const [before, after, near, far] = narrow
    ? [Position.Top, Position.Bottom, Position.Left, Position.Right]
    : [Position.Left, Position.Right, Position.Top, Position.Bottom]
  return (
    <Box
      data-state={step.state}
      sx={{
        width: '100%',
        height: '100%',
        display: 'flex',
        alignItems: 'center',
        gap: 1,
        px: 1.25,
        borderRadius: 2,
        border: 2,
        borderStyle: quiet ? 'dashed' : 'solid',
        borderColor: quiet ? 'divider' : 'currentColor',
        bgcolor: 'background.paper',
        color: toneColor[tone],
        animation: active ? `${pulse} 1.6s infinite` : 'none',
        '@media (prefers-reduced-motion: reduce)': { animation: 'none' },
      }}
    >
      <Handle type="target" position={before} style={hidden} />
      <Handle type="source" position={after} style={hidden} />
      <Handle type="source" id="near-out" position={near} style={hidden} />
      <Handle type="target" id="near-in" position={near} style={hidden} />
      <Handle type="source" id="far-out" position={far} style={hidden} />
      <Handle type="target" id="far-in" position={far} style={hidden} />
      <Icon sx={{ fontSize: 22 }} />
      <Box sx={{ minWidth: 0 }}>
        <Box
          sx={{
            fontWeight: 650,
            fontSize: '0.875rem',
            color: quiet ? 'text.secondary' : 'text.primary',
            lineHeight: 1.25,
            ...oneLine,
          }}
        >
          {humanize(name)}
        </Box>
        <Box sx={{ fontSize: '0.75rem', lineHeight: 1.3, ...oneLine }}>{line}</Box>
      </Box>
    </Box>
  )
})

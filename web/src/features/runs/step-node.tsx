import Box from '@mui/material/Box'
import { keyframes } from '@mui/material/styles'
import { Handle, Position, type Node, type NodeProps } from '@xyflow/react'
import { memo } from 'react'
import { formatDuration } from '../../ui/format/time.ts'
import { toneColor } from '../../ui/status/status-chip.tsx'
import { humanize } from '../../ui/words.ts'
import { isActive, nodeStateLooks } from './node-state.ts'
import type { RunGraph } from './state-graph.tsx'

export type StepFlowNode = Node<{ step: RunGraph['nodes'][number]; narrow: boolean }, 'step'>

const pulse = keyframes`
  0% { box-shadow: 0 0 0 0 color-mix(in srgb, currentColor 55%, transparent) }
  70% { box-shadow: 0 0 0 12px transparent }
  100% { box-shadow: 0 0 0 0 transparent }
`
const hidden = { opacity: 0, pointerEvents: 'none' } as const

/** A step as a signal: its lamp says how it stands, and a step at work pulses unless motion is unwelcome. */
export const StepNode = memo(function StepNode({ data: { step, narrow } }: NodeProps<StepFlowNode>) {
  const { word, tone, Icon } = nodeStateLooks[step.state]
  const quiet = step.state === 'PENDING' || step.state === 'SKIPPED'
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
        animation: isActive(step.state) ? `${pulse} 1.6s infinite` : 'none',
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
        <Box sx={{ fontWeight: 650, fontSize: '0.875rem', color: quiet ? 'text.secondary' : 'text.primary', lineHeight: 1.25 }}>
          {humanize(step.name)}
        </Box>
        <Box sx={{ fontSize: '0.75rem', lineHeight: 1.3, whiteSpace: 'nowrap' }}>
          {step.state === 'SUCCEEDED' && step.durationMs != null ? formatDuration(step.durationMs) : word}
          {step.visits > 1 && ` · ×${step.visits}`}
        </Box>
      </Box>
    </Box>
  )
})

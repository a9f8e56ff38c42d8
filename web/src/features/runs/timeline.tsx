import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { memo, useState } from 'react'
import type { TransitionFieldsFragment } from '../../gql/graphql.ts'
import { nameOf } from '../../ui/actor-name.ts'
import { formatCount } from '../../ui/format/numbers.ts'
import { formatClock, formatDuration, formatMoment } from '../../ui/format/time.ts'
import { Code } from '../../ui/json-fields.tsx'
import { LiveIndicator } from '../../ui/live/live-indicator.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { visuallyHidden } from '../../ui/states/visually-hidden.ts'
import { toneColor } from '../../ui/status/status-chip.tsx'
import { hasEnded } from '../../ui/status/run-status.tsx'
import { humanize } from '../../ui/words.ts'
import type { RunView } from './run-head.tsx'
import { transitionLooks } from './transition-kind.ts'
import { gapsIn } from './transitions.ts'

export interface TimelineProps {
  log: TransitionFieldsFragment[]
  run: RunView
}

/** Every transition of the run, from the first; new ones appear as they happen. */
export function Timeline({ log, run }: TimelineProps) {
  const missing = gapsIn(log)
  const latest = log.at(-1)
  return (
    <Panel
      title="Timeline"
      aside={hasEnded(run.status) ? <Typography variant="body2">{log.length} transitions</Typography> : <LiveIndicator />}
    >
      <Box role="status" aria-live="polite" sx={visuallyHidden}>
        {latest?.summary}
      </Box>
      {log.length === 0 && <Typography sx={{ color: 'text.secondary' }}>Waiting for the first transition…</Typography>}
      {missing.length > 0 && (
        <Typography sx={{ color: 'warning.main' }}>Fetching {missing.length} earlier transitions…</Typography>
      )}
      <Box component="ol" aria-label="Transitions" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {log.map((transition) => (
          <Entry key={transition.seq} transition={transition} last={transition === latest} />
        ))}
      </Box>
    </Panel>
  )
}

const Entry = memo(function Entry({ transition, last }: { transition: TransitionFieldsFragment; last: boolean }) {
  const [open, setOpen] = useState(false)
  const { seq, at, kind, node, agent, attempt, summary, durationMs, stateDiff, failure, usage, actor } = transition
  const { tone, Icon } = transitionLooks[kind]
  const details = [
    node && humanize(node),
    agent && `agent ${agent}`,
    attempt != null && attempt > 1 && `try ${attempt}`,
    durationMs != null && formatDuration(durationMs),
    usage && `${usage.model}, ${formatCount(usage.inputTokens + usage.outputTokens)} tokens`,
    actor && `by ${nameOf(actor)}`,
  ].filter(Boolean)
  const hasDiff = typeof stateDiff === 'object' && stateDiff !== null && Object.keys(stateDiff).length > 0
  return (
    <Box
      component="li"
      data-seq={seq}
      data-kind={kind}
      sx={{ display: 'grid', gridTemplateColumns: '24px minmax(0, 1fr) auto', columnGap: 1.25 }}
    >
      <Box sx={{ display: 'flex', flexDirection: 'column', alignItems: 'center', color: toneColor[tone] }}>
        <Icon aria-hidden sx={{ fontSize: 20, mt: 0.25 }} />
        <Box aria-hidden sx={{ flex: 1, width: 2, bgcolor: last ? 'transparent' : 'divider', my: 0.5 }} />
      </Box>
      <Box sx={{ pb: 1.5, minWidth: 0 }}>
        <Typography sx={{ fontWeight: 550 }}>{summary}</Typography>
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          {details.join(' · ')}
        </Typography>
        {failure && !summary.includes(failure.reason) && (
          <Typography variant="body2" sx={{ color: 'error.main' }}>
            {failure.reason}
          </Typography>
        )}
        {hasDiff && (
          <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)} sx={{ ml: -0.75, minHeight: 28, py: 0 }}>
            {open ? 'Hide' : 'Show'} what changed
          </Button>
        )}
        {open && <Code value={stateDiff} />}
      </Box>
      <Typography
        component="time"
        dateTime={at}
        title={formatMoment(at)}
        variant="body2"
        sx={{ color: 'text.secondary', fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap', mt: 0.25 }}
      >
        {formatClock(at)}
      </Typography>
    </Box>
  )
})

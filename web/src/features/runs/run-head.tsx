import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { useEffect, type ReactNode } from 'react'
import type { RunQuery } from '../../gql/graphql.ts'
import { nameOf } from '../../ui/actor-name.ts'
import { Age } from '../../ui/format/age.tsx'
import { formatCount, formatMoney } from '../../ui/format/numbers.ts'
import { formatDuration, formatMoment } from '../../ui/format/time.ts'
import { useNow } from '../../ui/format/use-now.ts'
import { hasEnded, RunStatusChip } from '../../ui/status/run-status.tsx'
import { humanize } from '../../ui/words.ts'
import { RunActions } from './run-actions.tsx'
import { requestOf } from './run-list.ts'

export type RunView = NonNullable<RunQuery['run']>

export function RunHead({ run }: { run: RunView }) {
  const title = requestOf(run.input) || `Run ${run.id.slice(-8)}`
  const waiting = run.pausing ? 'Stops after the step under way.' : run.waitingFor
  useEffect(() => {
    document.title = `${run.status === 'SUCCEEDED' ? '✓ ' : ''}${title.slice(0, 40)} · Signalbox`
  }, [run.status, title])
  return (
    <Box sx={{ mb: 2 }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, alignItems: 'flex-start' }}>
        <Box sx={{ flex: '1 1 320px', minWidth: 0 }}>
          <Typography
            variant="h1"
            sx={{
              fontSize: '1.35rem',
              display: '-webkit-box',
              WebkitLineClamp: 2,
              WebkitBoxOrient: 'vertical',
              overflow: 'hidden',
            }}
          >
            {title}
          </Typography>
          <Box role="status" aria-live="polite" aria-label="Run status" sx={{ mt: 1 }}>
            <RunStatusChip status={run.status} size="medium" />
            {waiting && (
              <Typography component="span" variant="body2" sx={{ color: 'text.secondary', ml: 1.25 }}>
                {waiting}
              </Typography>
            )}
          </Box>
        </Box>
        <RunActions run={run} />
      </Box>
      <Facts run={run} />
    </Box>
  )
}

function Facts({ run }: { run: RunView }) {
  const now = useNow(1_000)
  const ended = hasEnded(run.status)
  const duration = ended && run.durationMs != null ? run.durationMs : Math.max(0, now - Date.parse(run.queuedAt))
  return (
    <Box
      component="dl"
      sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 4, rowGap: 1.25, m: 0, mt: 2, fontVariantNumeric: 'tabular-nums' }}
    >
      <Fact name="Workflow">
        {run.workflow.name}, version {run.version.number}
      </Fact>
      <Fact name="Started">
        <Age at={run.queuedAt} />
        {run.startedBy && ` by ${nameOf(run.startedBy)}`} ({humanize(run.trigger)})
      </Fact>
      <Fact name={ended ? 'Took' : 'So far'}>{formatDuration(ended ? duration : Math.floor(duration / 1_000) * 1_000)}</Fact>
      <Fact name="Cost">
        {run.cost ? formatMoney(run.cost.total) : 'not known yet'}
        {run.cost && run.cost.tokens > 0 && ` · ${formatCount(run.cost.tokens)} tokens`}
      </Fact>
      {run.priority !== 0 && <Fact name="Priority">{run.priority}</Fact>}
      {!run.production && <Fact name="Counts towards value">No, it was run again</Fact>}
      {run.status === 'QUEUED' && run.expiresAt && !run.startedAt && <Fact name="Expires">{formatMoment(run.expiresAt)}</Fact>}
      {run.caseId !== run.id && <Fact name="Case">{run.caseId}</Fact>}
      {run.organization?.name && <Fact name="Organisation">{run.organization.name}</Fact>}
    </Box>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Box>
      <Typography component="dt" variant="body2" sx={{ color: 'text.secondary' }}>
        {name}
      </Typography>
      <Typography component="dd" sx={{ m: 0, fontWeight: 600 }}>
        {children}
      </Typography>
    </Box>
  )
}

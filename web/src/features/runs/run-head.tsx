import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useEffect, useState, type ReactNode } from 'react'
import { useMutation } from 'urql'
import type { RunQuery } from '../../gql/graphql.ts'
import { nameOf } from '../../ui/actor-name.ts'
import { describeError } from '../../ui/errors.ts'
import { Age } from '../../ui/format/age.tsx'
import { formatCount, formatMoney } from '../../ui/format/numbers.ts'
import { formatDuration } from '../../ui/format/time.ts'
import { useNow } from '../../ui/format/use-now.ts'
import { useCan } from '../../ui/session/viewer.ts'
import { hasEnded, RunStatusChip } from '../../ui/status/run-status.tsx'
import { humanize } from '../../ui/words.ts'
import { CancelRunDocument, RetryRunDocument } from './run-actions.documents.ts'
import { requestOf } from './run-list.ts'

export type RunView = NonNullable<RunQuery['run']>

export function RunHead({ run }: { run: RunView }) {
  const title = requestOf(run.input) || `Run ${run.id.slice(-8)}`
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
          </Box>
        </Box>
        <Actions run={run} />
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

function Actions({ run }: { run: RunView }) {
  const may = useCan('wrm:write')
  const [cancelling, setCancelling] = useState(false)
  const [{ fetching, error }, retry] = useMutation(RetryRunDocument)
  if (!may) return null
  return (
    <Box sx={{ display: 'grid', gap: 1, justifyItems: 'end' }}>
      {!hasEnded(run.status) && (
        <Button color="error" variant="outlined" onClick={() => setCancelling(true)}>
          Cancel run
        </Button>
      )}
      {run.status === 'FAILED' && (
        <Button variant="contained" loading={fetching} onClick={() => void retry({ input: { runId: run.id } })}>
          Retry run
        </Button>
      )}
      {error && <Alert severity="error">{describeError(error).detail}</Alert>}
      {cancelling && <CancelDialog runId={run.id} onClose={() => setCancelling(false)} />}
    </Box>
  )
}

function CancelDialog({ runId, onClose }: { runId: string; onClose(): void }) {
  const [reason, setReason] = useState('')
  const [{ fetching, error }, cancel] = useMutation(CancelRunDocument)
  const confirm = async () => {
    const { data } = await cancel({ input: { runId, ...(reason.trim() && { reason: reason.trim() }) } })
    if (data) onClose()
  }
  return (
    <Dialog open onClose={onClose} aria-labelledby="cancel-title">
      <DialogTitle id="cancel-title">Cancel this run?</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        <Typography>It stops for good. What it already did outside stays done.</Typography>
        <TextField label="Reason (optional)" value={reason} onChange={(event) => setReason(event.target.value)} autoFocus />
        {error && <Alert severity="error">{describeError(error).detail}</Alert>}
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2.5 }}>
        <Button onClick={onClose}>Keep it running</Button>
        <Button color="error" variant="contained" loading={fetching} onClick={() => void confirm()}>
          Cancel run
        </Button>
      </DialogActions>
    </Dialog>
  )
}

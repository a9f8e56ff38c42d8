import MoreHorizOutlined from '@mui/icons-material/MoreHorizOutlined'
import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Menu from '@mui/material/Menu'
import MenuItem from '@mui/material/MenuItem'
import { lazy, Suspense, useState } from 'react'
import { useMutation, type CombinedError } from 'urql'
import { describeError } from '../../ui/errors.ts'
import { useCan } from '../../ui/session/viewer.ts'
import { hasEnded } from '../../ui/status/run-status.tsx'
import { CancelDialog } from './cancel-dialog.tsx'
import { DismissDialog } from './dismiss-dialog.tsx'
import { PauseRunDocument, ResumeRunDocument, RetryRunDocument } from './run-actions.documents.ts'
import type { RunView } from './run-head.tsx'

const ReplayDialog = lazy(() => import('./replay-dialog.tsx'))

type Open = 'cancel' | 'replay' | 'dismiss'

/** What a person may do to the run as it stands. */
export function RunActions({ run }: { run: RunView }) {
  const may = useCan('wrm:write')
  const [open, setOpen] = useState<Open>()
  const [retrying, retry] = useMutation(RetryRunDocument)
  const [pausing, pause] = useMutation(PauseRunDocument)
  const [resuming, resume] = useMutation(ResumeRunDocument)
  if (!may) return null
  const input = { runId: run.id }
  const ended = hasEnded(run.status)
  const failed = run.status === 'FAILED' || run.status === 'EXPIRED'
  const held = run.status === 'PAUSED' || run.pausing
  const close = () => setOpen(undefined)
  return (
    <Box sx={{ display: 'grid', gap: 1, justifyItems: 'end' }}>
      <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', justifyContent: 'end' }}>
        {!ended && !held && (
          <Button variant="outlined" loading={pausing.fetching} onClick={() => void pause({ input })}>
            Pause
          </Button>
        )}
        {held && (
          <Button variant="contained" loading={resuming.fetching} onClick={() => void resume({ input })}>
            Resume
          </Button>
        )}
        {!ended && (
          <Button color="error" variant="outlined" onClick={() => setOpen('cancel')}>
            Cancel run
          </Button>
        )}
        {failed && (
          <Button variant="contained" loading={retrying.fetching} onClick={() => void retry({ input })}>
            Retry run
          </Button>
        )}
        {ended && !failed && (
          <Button variant="outlined" onClick={() => setOpen('replay')}>
            Run again…
          </Button>
        )}
        {failed && (
          <MoreActions
            actions={[
              ['Retry from the start', () => void retry({ input: { ...input, from: 'START' } })],
              ['Run again with changes…', () => setOpen('replay')],
              ...(run.handledAt ? [] : [['Dismiss…', () => setOpen('dismiss')] as [string, () => void]]),
            ]}
          />
        )}
      </Box>
      <Refusal errors={[retrying.error, pausing.error, resuming.error]} />
      {open === 'cancel' && <CancelDialog runId={run.id} onClose={close} />}
      {open === 'dismiss' && <DismissDialog runIds={[run.id]} onClose={close} />}
      <Suspense>{open === 'replay' && <ReplayDialog run={run} onClose={close} />}</Suspense>
    </Box>
  )
}

function MoreActions({ actions }: { actions: [label: string, act: () => void][] }) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  return (
    <>
      <Button
        variant="outlined"
        aria-label="More actions"
        aria-haspopup="menu"
        sx={{ minWidth: 44, px: 1 }}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <MoreHorizOutlined />
      </Button>
      <Menu open={anchor !== null} anchorEl={anchor} onClose={() => setAnchor(null)}>
        {actions.map(([label, act]) => (
          <MenuItem
            key={label}
            onClick={() => {
              setAnchor(null)
              act()
            }}
          >
            {label}
          </MenuItem>
        ))}
      </Menu>
    </>
  )
}

function Refusal({ errors }: { errors: (CombinedError | undefined)[] }) {
  const error = errors.find((one) => one !== undefined)
  return error ? <Alert severity="error">{describeError(error).detail}</Alert> : null
}

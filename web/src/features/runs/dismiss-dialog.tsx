import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState, type SubmitEvent } from 'react'
import { useMutation } from 'urql'
import { describeError } from '../../ui/errors.ts'
import { DismissRunsDocument } from './attention.documents.ts'

export interface DismissDialogProps {
  /** Single runs, or a group of like failures. */
  runIds?: string[]
  group?: string
  onClose(): void
  onDismissed?(): void
}

/** Asks why nothing is done about failed runs, and takes them off the list. */
export function DismissDialog({ runIds, group, onClose, onDismissed }: DismissDialogProps) {
  const [reason, setReason] = useState('')
  const [{ fetching, error }, dismiss] = useMutation(DismissRunsDocument)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const { data } = await dismiss({
      input: { reason: reason.trim(), ...(group === undefined ? { runIds: runIds! } : { group }) },
    })
    if (!data) return
    onDismissed?.()
    onClose()
  }
  return (
    <Dialog open onClose={onClose} aria-labelledby="dismiss-title" maxWidth="xs" fullWidth>
      <form onSubmit={(event: SubmitEvent) => void submit(event)}>
        <DialogTitle id="dismiss-title">{group === undefined ? 'Dismiss this failure?' : 'Dismiss these failures?'}</DialogTitle>
        <DialogContent sx={{ display: 'grid', gap: 2 }}>
          <Typography>They leave the list of what needs attention. The runs and their history stay.</Typography>
          <TextField
            label="Why nothing is done about it"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            required
            autoFocus
            slotProps={{ htmlInput: { maxLength: 500 } }}
          />
          {error && <Alert severity="error">{describeError(error).detail}</Alert>}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2.5 }}>
          <Button onClick={onClose}>Keep</Button>
          <Button type="submit" variant="contained" loading={fetching} disabled={reason.trim() === ''}>
            Dismiss
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

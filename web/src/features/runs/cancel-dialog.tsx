import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { useMutation } from 'urql'
import { describeError } from '../../ui/errors.ts'
import { CancelRunDocument } from './run-actions.documents.ts'

export function CancelDialog({ runId, onClose }: { runId: string; onClose(): void }) {
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
        <Typography>It stops for good, with the runs that it waits for. What it already did outside stays done.</Typography>
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

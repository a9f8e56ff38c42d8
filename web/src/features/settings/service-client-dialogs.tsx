import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState, type SubmitEvent } from 'react'
import { useMutation } from 'urql'
import { ConfirmDialog } from '../../ui/dialogs/confirm-dialog.tsx'
import { describeError } from '../../ui/errors.ts'
import type { HandOver } from './hand-over-dialog.tsx'
import type { ServiceClient } from './service-client-card.tsx'
import { RevokeServiceClientDocument, RotateServiceClientSecretDocument } from './settings.documents.ts'

const overlaps = [
  { hours: 24, label: 'for another day' },
  { hours: 168, label: 'for another week' },
  { hours: 1, label: 'for another hour' },
  { hours: 0, label: 'not at all: it may have leaked' },
]

export interface RotateDialogProps {
  client: ServiceClient
  onMade(made: HandOver): void
  onClose(): void
}

export function RotateDialog({ client, onMade, onClose }: RotateDialogProps) {
  const [overlapHours, setOverlap] = useState(24)
  const [{ fetching, error }, rotate] = useMutation(RotateServiceClientSecretDocument)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const { data } = await rotate({ input: { id: client.id, overlapHours } })
    if (data) onMade(data.rotateServiceClientSecret)
  }
  return (
    <Dialog open onClose={onClose} aria-labelledby="rotate-title" maxWidth="xs">
      <DialogTitle id="rotate-title">A new secret for {client.name}</DialogTitle>
      <form onSubmit={(event: SubmitEvent) => void submit(event)}>
        <DialogContent sx={{ display: 'grid', gap: 2.5, pt: 1 }}>
          <Typography>The client id stays. The new secret is shown once, in the next step.</Typography>
          <TextField
            select
            autoFocus
            label="The present secret works"
            value={overlapHours}
            onChange={(event) => setOverlap(Number(event.target.value))}
          >
            {overlaps.map(({ hours, label }) => (
              <MenuItem key={hours} value={hours} sx={{ whiteSpace: 'normal' }}>
                {label}
              </MenuItem>
            ))}
          </TextField>
          {error && <Alert severity="error">{describeError(error).detail}</Alert>}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2.5 }}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="contained" loading={fetching}>
            Make the secret
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

export function RevokeDialog({ client, onClose }: { client: ServiceClient; onClose(): void }) {
  const [{ fetching, error }, revoke] = useMutation(RevokeServiceClientDocument)
  const confirm = async () => {
    const { data } = await revoke({ input: { id: client.id } })
    if (data) onClose()
  }
  return (
    <ConfirmDialog
      title={`Revoke ${client.name}?`}
      confirm="Revoke"
      destructive
      busy={fetching}
      error={error}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      It loses access at once and for good; what runs with it stops. What it did stays on record.
    </ConfirmDialog>
  )
}

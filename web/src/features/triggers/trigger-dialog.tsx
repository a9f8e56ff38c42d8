import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import { useId, type ReactNode, type SubmitEvent } from 'react'
import type { Fault } from '../../ui/errors.ts'

export interface TriggerDialogProps {
  title: string
  busy: boolean
  fault: Fault | undefined
  /** Whether it can be saved as it stands; yes unless given. */
  ready?: boolean
  onSave(): void
  onClose(): void
  children: ReactNode
}

/** The frame of the forms of all kinds of triggers. */
export function TriggerDialog({ title, busy, fault, ready = true, onSave, onClose, children }: TriggerDialogProps) {
  const id = useId()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    onSave()
  }
  return (
    <Dialog open onClose={onClose} aria-labelledby={id} fullWidth maxWidth="sm">
      <DialogTitle id={id}>{title}</DialogTitle>
      <form onSubmit={submit} autoComplete="off" noValidate>
        <DialogContent
          sx={{ display: 'grid', gap: 2.5, pt: 1, gridTemplateColumns: 'minmax(0, 1fr)', gridAutoRows: 'max-content' }}
        >
          {children}
          {fault && (
            <Alert severity="error">
              {fault.detail} {fault.fields.map(({ message }) => message).join('; ')}
            </Alert>
          )}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2.5 }}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="contained" loading={busy} disabled={!ready}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

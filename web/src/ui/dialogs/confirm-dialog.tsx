import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import Typography from '@mui/material/Typography'
import { useId, type ReactNode } from 'react'
import type { CombinedError } from 'urql'
import { describeError } from '../errors.ts'

export interface ConfirmDialogProps {
  title: string
  /** What will happen, in a sentence or two. */
  children: ReactNode
  /** The verb of the act: `Remove`. */
  confirm: string
  /** Colours the button as a warning. */
  destructive?: boolean
  busy: boolean
  error: CombinedError | undefined
  onConfirm(): void
  onClose(): void
}

/** Asks before an act that cannot be taken back. The way out has the focus. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, children, confirm, destructive = false, busy, error, onConfirm, onClose } = props
  const id = useId()
  return (
    <Dialog open onClose={onClose} aria-labelledby={id} maxWidth="xs">
      <DialogTitle id={id}>{title}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        <Typography component="div">{children}</Typography>
        {error && <Alert severity="error">{describeError(error).detail}</Alert>}
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2.5 }}>
        <Button onClick={onClose} autoFocus>
          Cancel
        </Button>
        <Button variant="contained" color={destructive ? 'error' : 'primary'} loading={busy} onClick={onConfirm}>
          {confirm}
        </Button>
      </DialogActions>
    </Dialog>
  )
}

import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState, type ReactNode, type SubmitEvent } from 'react'
import { useMutation, type CombinedError } from 'urql'
import type { SaveCredentialInput } from '../../gql/graphql.ts'
import { describeError, faultOf, type Fault } from '../../ui/errors.ts'
import { SaveConnectionDocument } from './connections.documents.ts'

export interface ConnectionDialogProps {
  title: string
  /** Whether one of this kind is replaced. */
  replaces: boolean
  input: SaveCredentialInput
  onClose(): void
  children(fault: Fault | undefined): ReactNode
}

/** The form of a connection: saves, shows what does not fit, closes. */
export function ConnectionDialog({ input, onClose, ...frame }: ConnectionDialogProps) {
  const [{ fetching, error }, save] = useMutation(SaveConnectionDocument)
  const submit = async () => {
    const { data } = await save({ input })
    if (data) onClose()
  }
  return <DialogFrame {...frame} busy={fetching} error={error} onSubmit={() => void submit()} onClose={onClose} />
}

export interface DialogFrameProps {
  title: string
  replaces: boolean
  busy: boolean
  error: CombinedError | undefined
  onSubmit(): void
  onClose(): void
  children(fault: Fault | undefined): ReactNode
}

/** The frame of a form for something that is kept secret. */
export function DialogFrame({ title, replaces, busy, error, onSubmit, onClose, children }: DialogFrameProps) {
  const fault = error && describeError(error)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    onSubmit()
  }
  return (
    <Dialog open onClose={onClose} aria-labelledby="connection-title" fullWidth maxWidth="sm">
      <DialogTitle id="connection-title">{title}</DialogTitle>
      <form onSubmit={submit} autoComplete="off">
        <DialogContent sx={{ display: 'grid', gap: 2.5, pt: 1 }}>
          <Typography variant="body2" sx={{ color: 'text.secondary' }}>
            {replaces ? 'What you enter replaces what there is now as a whole. ' : ''}
            It is stored encrypted and never shown again to anybody.
          </Typography>
          {children(fault)}
          {fault && <Alert severity="error">{fault.detail}</Alert>}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2.5 }}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="contained" loading={busy}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

export interface DialogFieldProps {
  label: string
  /** The input's field, to find its fault by. */
  field: string
  fault: Fault | undefined
  initial?: string
  help: string
  required?: boolean
  secret?: boolean
  autoFocus?: boolean
  onChange(value: string): void
}

export function DialogField({ field, fault, initial = '', help, secret = false, onChange, ...rest }: DialogFieldProps) {
  const [value, setValue] = useState(initial)
  const message = faultOf(fault, field)
  return (
    <TextField
      {...rest}
      type={secret ? 'password' : 'text'}
      autoComplete={secret ? 'new-password' : 'off'}
      value={value}
      onChange={(event) => {
        setValue(event.target.value)
        onChange(event.target.value)
      }}
      error={message !== undefined}
      helperText={message ?? help}
    />
  )
}

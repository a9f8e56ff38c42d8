import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import TextField from '@mui/material/TextField'
import { useState, type SubmitEvent } from 'react'
import { useMutation } from 'urql'
import { describeError, faultOf } from '../../ui/errors.ts'
import { refreshSession } from '../../ui/session/refresh-session.ts'
import { useViewer } from '../../ui/session/viewer.ts'
import { CreateOrganizationDocument } from './settings.documents.ts'
import { TimeZoneField } from '../../ui/time-zone-field.tsx'

export interface AddClientDialogProps {
  /** @param words what was done, to be said */
  onAdded(words: string): void
  onClose(): void
}

export function AddClientDialog({ onAdded, onClose }: AddClientDialogProps) {
  const { organization } = useViewer()
  const [name, setName] = useState('')
  const [ownerEmail, setOwnerEmail] = useState('')
  const [timeZone, setTimeZone] = useState(organization.timeZone)
  const [{ fetching, error }, create] = useMutation(CreateOrganizationDocument)
  const fault = error && describeError(error)

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const { data } = await create({ input: { name: name.trim(), timeZone, ownerEmail: ownerEmail.trim() || null } })
    if (!data) return
    // The session's token names the clients that it reads; the new one is in the next.
    await refreshSession()
    const { invitation } = data.createOrganization
    onAdded(
      `${data.createOrganization.organization.name} is a client now.${invitation ? ` ${invitation.email} is invited.` : ''}`,
    )
  }

  return (
    <Dialog open onClose={onClose} aria-labelledby="add-client-title">
      <DialogTitle id="add-client-title">Add a client</DialogTitle>
      <form onSubmit={(event: SubmitEvent) => void submit(event)}>
        <DialogContent sx={{ display: 'grid', gap: 2.5, pt: 1 }}>
          <TextField
            label="Name"
            required
            autoFocus
            value={name}
            onChange={(event) => setName(event.target.value)}
            error={faultOf(fault, 'name') !== undefined}
            helperText={faultOf(fault, 'name')}
          />
          <TextField
            label="First owner’s e-mail address (optional)"
            type="email"
            value={ownerEmail}
            onChange={(event) => setOwnerEmail(event.target.value)}
            error={faultOf(fault, 'email') !== undefined}
            helperText={faultOf(fault, 'email') ?? 'Is invited in the same step. Without one, you invite somebody later.'}
          />
          <TimeZoneField value={timeZone} onChange={setTimeZone} fault={faultOf(fault, 'timeZone')} />
          {fault && <Alert severity="error">{fault.detail}</Alert>}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2.5 }}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="contained" loading={fetching}>
            Add the client
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

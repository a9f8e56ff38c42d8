import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import TextField from '@mui/material/TextField'
import { useState, type SubmitEvent } from 'react'
import { useMutation } from 'urql'
import type { Role } from '../../gql/graphql.ts'
import { describeError, faultOf } from '../../ui/errors.ts'
import { useViewer } from '../../ui/session/viewer.ts'
import { RolePicker } from './role-picker.tsx'
import { InviteMemberDocument } from './settings.documents.ts'

export interface InviteDialogProps {
  onInvited(email: string): void
  onClose(): void
}

export function InviteDialog({ onInvited, onClose }: InviteDialogProps) {
  const { organization } = useViewer()
  const [email, setEmail] = useState('')
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>(organization.kind === 'AGENCY' ? 'AGENCY_OPERATOR' : 'CLIENT_VIEWER')
  const [{ fetching, error }, invite] = useMutation(InviteMemberDocument)
  const fault = error && describeError(error)

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const { data } = await invite({ input: { email: email.trim(), role, displayName: name.trim() || null } })
    if (data) onInvited(data.inviteMember.invitation.email)
  }

  return (
    <Dialog open onClose={onClose} aria-labelledby="invite-title">
      <DialogTitle id="invite-title">Invite somebody to {organization.name}</DialogTitle>
      <form onSubmit={(event: SubmitEvent) => void submit(event)}>
        <DialogContent sx={{ display: 'grid', gap: 2.5, pt: 1 }}>
          <TextField
            label="E-mail address"
            type="email"
            required
            autoFocus
            value={email}
            onChange={(event) => setEmail(event.target.value)}
            error={faultOf(fault, 'email') !== undefined}
            helperText={faultOf(fault, 'email') ?? 'The invitation works for this address only, once, for 14 days.'}
          />
          <TextField
            label="Name (optional)"
            value={name}
            onChange={(event) => setName(event.target.value)}
            error={faultOf(fault, 'displayName') !== undefined}
            helperText={faultOf(fault, 'displayName')}
          />
          <RolePicker kind={organization.kind} value={role} onChange={setRole} />
          {fault && <Alert severity="error">{fault.detail}</Alert>}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2.5 }}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="contained" loading={fetching}>
            Send the invitation
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

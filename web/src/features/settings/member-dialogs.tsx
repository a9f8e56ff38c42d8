import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import { useState, type SubmitEvent } from 'react'
import { useMutation } from 'urql'
import type { Role } from '../../gql/graphql.ts'
import { ConfirmDialog } from '../../ui/dialogs/confirm-dialog.tsx'
import { describeError } from '../../ui/errors.ts'
import { useViewer } from '../../ui/session/viewer.ts'
import { RolePicker } from './role-picker.tsx'
import { ChangeMemberRoleDocument, RemoveMemberDocument } from './settings.documents.ts'

export interface MemberDialogProps {
  membershipId: string
  name: string
  role: Role
  /** @param done what happened, to be said; undefined when nothing did */
  onClose(done?: string): void
}

export function ChangeRoleDialog({ membershipId, name, role: former, onClose }: MemberDialogProps) {
  const { organization } = useViewer()
  const [role, setRole] = useState(former)
  const [{ fetching, error }, change] = useMutation(ChangeMemberRoleDocument)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const { data } = await change({ input: { membershipId, role } })
    if (data) onClose(`${name} has another role now.`)
  }
  return (
    <Dialog open onClose={() => onClose()} aria-labelledby="change-role-title">
      <DialogTitle id="change-role-title">What may {name} do?</DialogTitle>
      <form onSubmit={(event: SubmitEvent) => void submit(event)}>
        <DialogContent sx={{ display: 'grid', gap: 2 }}>
          <RolePicker kind={organization.kind} value={role} onChange={setRole} />
          {error && <Alert severity="error">{describeError(error).detail}</Alert>}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2.5 }}>
          <Button onClick={() => onClose()}>Cancel</Button>
          <Button type="submit" variant="contained" loading={fetching} disabled={role === former}>
            Change the role
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

export function RemoveMemberDialog({ membershipId, name, onClose }: MemberDialogProps) {
  const { organization } = useViewer()
  const [{ fetching, error }, remove] = useMutation(RemoveMemberDocument)
  const confirm = async () => {
    const { data } = await remove({ input: { membershipId } })
    if (data) onClose(`${name} has no access to ${organization.name} any more.`)
  }
  return (
    <ConfirmDialog
      title={`Remove ${name}?`}
      confirm="Remove"
      destructive
      busy={fetching}
      error={error}
      onConfirm={() => void confirm()}
      onClose={() => onClose()}
    >
      {name} loses access to {organization.name} at once, in every open browser. What {name} did here stays, with the name.
    </ConfirmDialog>
  )
}

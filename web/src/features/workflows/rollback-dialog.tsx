import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { useMutation } from 'urql'
import { ConfirmDialog } from '../../ui/dialogs/confirm-dialog.tsx'
import { RollbackDocument } from './workflows.documents.ts'

export interface RollbackDialogProps {
  workflowId: string
  version: number
  onClose(): void
}

export function RollbackDialog({ workflowId, version, onClose }: RollbackDialogProps) {
  const [note, setNote] = useState('')
  const [{ fetching, error }, roll] = useMutation(RollbackDocument)
  const confirm = async () => {
    const { data } = await roll({ input: { workflow: workflowId, version, note: note.trim() || null } })
    if (data) onClose()
  }
  return (
    <ConfirmDialog
      title={`Bring back version ${version}?`}
      confirm="Bring it back"
      busy={fetching}
      error={error}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <Typography sx={{ mb: 2 }}>
        New runs work by it at once; it gets a new number. Runs that have begun go on as they are.
      </Typography>
      <TextField label="Why (optional)" multiline minRows={2} value={note} onChange={(event) => setNote(event.target.value)} />
    </ConfirmDialog>
  )
}

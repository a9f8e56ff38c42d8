import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import TextField from '@mui/material/TextField'
import { useState, type SubmitEvent } from 'react'
import { useNavigate } from 'react-router'
import { useMutation } from 'urql'
import { describeError, faultOf } from '../../ui/errors.ts'
import { firstDefinition, slugOf } from './definition-text.ts'
import { SaveDraftDocument } from './workflows.documents.ts'

/** Begins a workflow with a small draft, and goes on to write it. */
export function NewWorkflowDialog({ onClose }: { onClose(): void }) {
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [slug, setSlug] = useState<string | null>(null)
  const [description, setDescription] = useState('')
  const [{ fetching, error }, save] = useMutation(SaveDraftDocument)
  const fault = error && describeError(error)
  const address = slug ?? slugOf(name)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const text = JSON.stringify(firstDefinition, null, 2)
    const input = { name, slug: address, description: description.trim() || null, text, revision: 0 }
    const { data } = await save({ input })
    if (data) await navigate(`/workflows/${data.saveWorkflowDraft.workflow.id}/draft`)
  }
  return (
    <Dialog open onClose={onClose} aria-labelledby="new-workflow-title">
      <DialogTitle id="new-workflow-title">New workflow</DialogTitle>
      <form onSubmit={(event: SubmitEvent) => void submit(event)} noValidate>
        <DialogContent sx={{ display: 'grid', gap: 2, pt: 1 }}>
          <TextField
            label="Name"
            autoFocus
            required
            value={name}
            onChange={(event) => setName(event.target.value)}
            error={faultOf(fault, 'name') !== undefined}
            helperText={faultOf(fault, 'name') ?? 'As people see it: Invoice intake'}
          />
          <TextField
            label="Short name"
            required
            value={address}
            onChange={(event) => setSlug(event.target.value)}
            error={faultOf(fault, 'slug') !== undefined}
            helperText={faultOf(fault, 'slug') ?? 'Programs start runs by it. It stays as it is.'}
          />
          <TextField
            label="What it does (optional)"
            multiline
            minRows={2}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
          />
          {fault && fault.fields.length === 0 && <Alert severity="error">{fault.detail}</Alert>}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2.5 }}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="contained" loading={fetching}>
            Write it
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

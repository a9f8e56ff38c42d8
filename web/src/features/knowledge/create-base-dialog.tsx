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
import { CreateBaseDocument } from './knowledge.documents.ts'

export function CreateBaseDialog({ onClose }: { onClose(): void }) {
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [{ fetching, error }, create] = useMutation(CreateBaseDocument)
  const fault = error && describeError(error)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const { data } = await create({ input: { name } }, { additionalTypenames: ['KnowledgeBase'] })
    if (data) void navigate(`/knowledge/${data.createKnowledgeBase.knowledgeBase.id}`)
  }
  return (
    <Dialog open onClose={onClose} aria-labelledby="create-base-title" fullWidth maxWidth="xs">
      <DialogTitle id="create-base-title">New knowledge base</DialogTitle>
      <form onSubmit={(event: SubmitEvent) => void submit(event)}>
        <DialogContent sx={{ display: 'grid', gap: 2, pt: 1 }}>
          <TextField
            autoFocus
            required
            label="Name"
            value={name}
            onChange={(event) => setName(event.target.value)}
            error={faultOf(fault, 'name') !== undefined}
            helperText={faultOf(fault, 'name') ?? 'Workflows look in it by this name, for example support-handbook.'}
          />
          {fault && fault.fields.length === 0 && <Alert severity="error">{fault.detail}</Alert>}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2.5 }}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="contained" loading={fetching}>
            Create
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

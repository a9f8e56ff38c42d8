import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import Skeleton from '@mui/material/Skeleton'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState, type SubmitEvent } from 'react'
import { useMutation, useQuery } from 'urql'
import { describeError } from '../../ui/errors.ts'
import { ChangeList } from './change-list.tsx'
import { CompareVersionsDocument, PublishDocument } from './workflows.documents.ts'

export interface PublishDialogProps {
  workflowId: string
  /** Of the saved draft that is to be published. */
  revision: number
  /** The number of the version that runs now; null: there is none. */
  current: number | null
  onPublished(): void
  onClose(): void
}

/** Shows what will change, takes a note, and publishes the draft that was looked at. */
export function PublishDialog({ workflowId, revision, current, onPublished, onClose }: PublishDialogProps) {
  const [note, setNote] = useState('')
  const [{ data: compared, error: uncompared }] = useQuery({
    query: CompareVersionsDocument,
    variables: { workflow: workflowId, from: current ?? 0, to: null },
    pause: current === null,
    requestPolicy: 'network-only',
  })
  const [{ fetching, error }, publish] = useMutation(PublishDocument)
  const changes = compared?.compareVersions.changes
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const { data } = await publish({ input: { workflow: workflowId, revision, note: note.trim() || null } })
    if (data) onPublished()
  }
  return (
    <Dialog open onClose={onClose} aria-labelledby="publish-title" maxWidth="md">
      <DialogTitle id="publish-title">Publish {current === null ? 'the first version' : 'a new version'}</DialogTitle>
      <form onSubmit={(event: SubmitEvent) => void submit(event)}>
        <DialogContent sx={{ display: 'grid', gap: 2, pt: 1, gridTemplateColumns: 'minmax(0, 1fr)' }}>
          <Typography>New runs work by it at once. Runs that have begun go on as they are.</Typography>
          <TextField
            label="What changed, and why"
            autoFocus
            multiline
            minRows={2}
            value={note}
            onChange={(event) => setNote(event.target.value)}
            helperText="Shown in the list of versions."
          />
          {current !== null && !changes && !uncompared && <Skeleton variant="rounded" height={120} />}
          {changes && (
            <Box sx={{ display: 'grid', gap: 1.5, gridTemplateColumns: 'minmax(0, 1fr)' }}>
              <Typography variant="h3" component="h3">
                {changes.length === 0 ? `The same as version ${current}` : `Against version ${current}`}
              </Typography>
              <ChangeList changes={changes} />
            </Box>
          )}
          {error && <Alert severity="error">{describeError(error).detail}</Alert>}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2.5 }}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="contained" loading={fetching}>
            Publish
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

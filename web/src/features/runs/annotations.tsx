import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState, type SubmitEvent } from 'react'
import { useMutation } from 'urql'
import { nameOf } from '../../ui/actor-name.ts'
import { describeError } from '../../ui/errors.ts'
import { Age } from '../../ui/format/age.tsx'
import { useCan } from '../../ui/session/viewer.ts'
import { Panel } from '../../ui/states/panel.tsx'
import { AnnotateRunDocument } from './run-actions.documents.ts'
import type { RunView } from './run-head.tsx'

export interface AnnotationsProps {
  runId: string
  annotations: RunView['annotations']['nodes']
  onAdded(): void
}

export function Annotations({ runId, annotations, onAdded }: AnnotationsProps) {
  const may = useCan('wrm:write')
  const [body, setBody] = useState('')
  const [{ fetching, error }, annotate] = useMutation(AnnotateRunDocument)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const { data } = await annotate({ input: { runId, body: body.trim() } })
    if (!data) return
    setBody('')
    onAdded()
  }
  return (
    <Panel title="Annotations">
      {annotations.length === 0 && <Typography sx={{ color: 'text.secondary' }}>No notes on this run.</Typography>}
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1.5 }}>
        {annotations.map((note) => (
          <Box component="li" key={note.id}>
            <Typography sx={{ whiteSpace: 'pre-wrap' }}>{note.body}</Typography>
            <Typography variant="body2" sx={{ color: 'text.secondary' }}>
              {nameOf(note.author)} · <Age at={note.createdAt} />
            </Typography>
          </Box>
        ))}
      </Box>
      {may && (
        <Box
          component="form"
          onSubmit={(event: SubmitEvent) => void submit(event)}
          sx={{ display: 'flex', gap: 1, mt: 2, alignItems: 'flex-start' }}
        >
          <TextField label="Add a note" value={body} onChange={(event) => setBody(event.target.value)} multiline maxRows={6} />
          <Button type="submit" variant="outlined" loading={fetching} disabled={body.trim() === ''}>
            Add
          </Button>
        </Box>
      )}
      {error && (
        <Alert severity="error" sx={{ mt: 1 }}>
          {describeError(error).detail}
        </Alert>
      )}
    </Panel>
  )
}

import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import Typography from '@mui/material/Typography'
import { useState, type SubmitEvent } from 'react'
import { useNavigate } from 'react-router'
import { useMutation } from 'urql'
import { describeError, faultOf } from '../../ui/errors.ts'
import { fromDraft, toDraft, type ObjectSchema } from '../../ui/schema-form/schema.ts'
import { SchemaForm } from '../../ui/schema-form/schema-form.tsx'
import { ReplayRunDocument } from './run-actions.documents.ts'
import type { RunView } from './run-head.tsx'
import { useVersions, VersionField } from './version-field.tsx'

export interface ReplayDialogProps {
  run: RunView
  onClose(): void
}

/** Runs a request once more, with what the person changes of it. */
export default function ReplayDialog({ run, onClose }: ReplayDialogProps) {
  const navigate = useNavigate()
  const [version, setVersion] = useState(run.version.number)
  const versions = useVersions(run.workflow.id)
  const chosen = versions.find(({ number }) => number === version)
  const schema = (chosen?.inputSchema ?? run.version.inputSchema) as ObjectSchema
  const [draft, setDraft] = useState(() => toDraft(schema, run.input))
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [{ fetching, error }, replay] = useMutation(ReplayRunDocument)
  const refused = error && describeError(error)

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const parsed = fromDraft(schema, draft)
    setFaults(parsed.faults)
    if (Object.keys(parsed.faults).length > 0) return
    const { data } = await replay({ input: { runId: run.id, input: parsed.value, version } })
    if (!data) return
    onClose()
    await navigate(`/runs/${data.replayRun.run.id}`)
  }
  const shownFaults = Object.fromEntries(
    Object.keys(schema.properties ?? {}).map((name) => [name, faults[name] ?? faultOf(refused, name)]),
  )
  return (
    <Dialog open onClose={onClose} aria-labelledby="replay-title" fullWidth maxWidth="sm">
      <form onSubmit={(event: SubmitEvent) => void submit(event)} noValidate>
        <DialogTitle id="replay-title">Run this request again</DialogTitle>
        <DialogContent sx={{ display: 'grid', gap: 2 }}>
          <Typography sx={{ color: 'text.secondary' }}>
            A new run does everything once more, also outside. It does not count towards the value.
          </Typography>
          <SchemaForm schema={schema} draft={draft} onChange={setDraft} faults={shownFaults} autoFocus />
          <VersionField versions={versions} value={version} onChange={setVersion} />
          {refused && <Alert severity="error">{refused.detail}</Alert>}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2.5 }}>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" variant="contained" loading={fetching}>
            Run again
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

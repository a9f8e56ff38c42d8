import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { useMutation } from 'urql'
import { describeError } from '../../ui/errors.ts'
import { JsonFields } from '../../ui/json-fields.tsx'
import { SchemaForm } from '../../ui/schema-form/schema-form.tsx'
import { fromDraft, toDraft, type Draft, type ObjectSchema } from '../../ui/schema-form/schema.ts'
import { trialForm, type Tool } from './tool-kinds.ts'
import { TryToolDocument } from './tools.documents.ts'

/** Shows what a tool would send, and sends it when told to. */
export function TryToolDialog({ tool, onClose }: { tool: Tool; onClose(): void }) {
  const { schema, valuesOf } = trialForm(tool.parameters as ObjectSchema)
  const [draft, setDraft] = useState<Draft>(() => toDraft(schema, {}))
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [{ fetching, data, error, operation }, attempt] = useMutation(TryToolDocument)
  const isDryRun = operation?.variables.input.dryRun !== false
  const trial = fetching ? undefined : data?.tryTool.trial
  const run = (dryRun: boolean) => {
    const parsed = fromDraft(schema, draft)
    setFaults(parsed.faults)
    if (Object.keys(parsed.faults).length > 0) return
    void attempt({ input: { tool: tool.name, arguments: valuesOf(parsed.value), dryRun } })
  }
  return (
    <Dialog open onClose={onClose} aria-labelledby="trial-title" fullWidth maxWidth="sm">
      <DialogTitle id="trial-title">Try {tool.name}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2, pt: 1, gridTemplateColumns: 'minmax(0, 1fr)' }}>
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          Look at what would be sent first. “Do it now” does it for real.
        </Typography>
        <SchemaForm schema={schema} draft={draft} onChange={setDraft} faults={faults} autoFocus />
        <Box role="status" sx={{ display: 'grid', gap: 1.5 }}>
          {trial && <Alert severity={trial.succeeded ? 'success' : 'warning'}>{trial.message}</Alert>}
          {error && !fetching && <Alert severity="error">{describeError(error).detail}</Alert>}
        </Box>
        {trial?.request != null && <Part title={isDryRun ? 'Would be sent' : 'Was sent'} value={trial.request} />}
        {trial?.answer != null && <Part title={`Came back, after ${Math.round(trial.durationMs)} ms`} value={trial.answer} />}
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2.5, flexWrap: 'wrap', gap: 1 }}>
        <Button onClick={onClose}>Close</Button>
        <Button variant="outlined" loading={fetching && !isDryRun} onClick={() => run(false)}>
          Do it now
        </Button>
        <Button variant="contained" loading={fetching && isDryRun} onClick={() => run(true)}>
          Show what would be sent
        </Button>
      </DialogActions>
    </Dialog>
  )
}

const Part = ({ title, value }: { title: string; value: unknown }) => (
  <Box sx={{ overflowWrap: 'anywhere' }}>
    <Typography variant="h3" sx={{ mb: 1 }}>
      {title}
    </Typography>
    <JsonFields value={value} />
  </Box>
)

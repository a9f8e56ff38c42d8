import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { useMutation } from 'urql'
import { describeError } from '../../ui/errors.ts'
import { ForkRunDocument } from './run-actions.documents.ts'
import type { RunView } from './run-head.tsx'
import { nextWords, type SavedState } from './saved-state.ts'
import { changesOf, mergePatchOf, type StateChange } from './state-change.ts'
import { useVersions, VersionField } from './version-field.tsx'

type State = Record<string, unknown>

export interface ForkDialogProps {
  run: RunView
  saved: SavedState
  onClose(): void
}

/** Branches off a new run from a saved state, which may be changed first; what changes is shown before it begins. */
export default function ForkDialog({ run, saved, onClose }: ForkDialogProps) {
  const navigate = useNavigate()
  const before = editableOf(saved.state)
  const [text, setText] = useState(() => JSON.stringify(before, null, 2))
  const [version, setVersion] = useState(run.version.number)
  const versions = useVersions(run.workflow.id)
  const [{ fetching, error }, fork] = useMutation(ForkRunDocument)
  const after = parsed(text)

  const confirm = async () => {
    if (after === null) return
    const patch = mergePatchOf(before, after)
    const state = Object.keys(patch).length === 0 ? {} : { state: patch }
    const { data } = await fork({ input: { runId: run.id, checkpointId: saved.id, version, ...state } })
    if (!data) return
    onClose()
    await navigate(`/runs/${data.forkRun.run.id}`)
  }
  return (
    <Dialog open onClose={onClose} aria-labelledby="fork-title" fullWidth maxWidth="md">
      <DialogTitle id="fork-title">Branch off a new run</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }}>
        <Typography sx={{ color: 'text.secondary' }}>
          The new run goes on with {nextWords(saved.next)}. This run stays as it is. What the new run does outside, it does once
          more; it does not count towards the value.
        </Typography>
        <TextField
          label="What it knows by then"
          value={text}
          onChange={(event) => setText(event.target.value)}
          error={after === null}
          helperText={after === null ? 'This cannot be read: a bracket, a comma or a quotation mark is missing.' : undefined}
          multiline
          minRows={8}
          maxRows={16}
          slotProps={{ htmlInput: { spellCheck: false, style: { fontFamily: 'ui-monospace, monospace', fontSize: '0.8rem' } } }}
        />
        {after !== null && <Changes changes={changesOf(before, after)} />}
        <VersionField versions={versions} value={version} onChange={setVersion} />
        {error && <Alert severity="error">{describeError(error).detail}</Alert>}
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2.5 }}>
        <Button onClick={onClose}>Close</Button>
        <Button variant="contained" loading={fetching} disabled={after === null} onClick={() => void confirm()}>
          Branch off
        </Button>
      </DialogActions>
    </Dialog>
  )
}

function Changes({ changes }: { changes: StateChange[] }) {
  if (changes.length === 0) return <Typography variant="body2">Nothing is changed.</Typography>
  return (
    <Box component="section" aria-label="What changes">
      <Typography variant="body2" sx={{ fontWeight: 650, mb: 0.5 }}>
        {changes.length === 1 ? 'One change' : `${changes.length} changes`}
      </Typography>
      <Box component="ul" sx={{ m: 0, pl: 0, listStyle: 'none', display: 'grid', gap: 1 }}>
        {changes.map(({ path, before, after }) => (
          <Box component="li" key={path} sx={{ fontSize: '0.85rem', overflowWrap: 'anywhere' }}>
            <Box sx={{ color: 'text.secondary' }}>{path.split('.').join(' › ')}</Box>
            {before !== undefined && (
              <Box component="del" sx={{ display: 'block', color: 'error.main' }}>
                {shown(before)}
              </Box>
            )}
            {after !== undefined && (
              <Box component="ins" sx={{ display: 'block', color: 'success.main', textDecoration: 'none' }}>
                {shown(after)}
              </Box>
            )}
          </Box>
        ))}
      </Box>
    </Box>
  )
}

const shown = (value: unknown) => {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}

function editableOf(state: unknown): State {
  const { input, results } = (state ?? {}) as { input?: unknown; results?: unknown }
  return { input: input ?? {}, results: results ?? {} }
}

function parsed(text: string): State | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as State) : null
  } catch {
    return null
  }
}

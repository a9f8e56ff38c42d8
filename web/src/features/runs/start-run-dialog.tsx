import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import MenuItem from '@mui/material/MenuItem'
import Skeleton from '@mui/material/Skeleton'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState, type SubmitEvent } from 'react'
import { useNavigate } from 'react-router'
import { useMutation, useQuery } from 'urql'
import type { WorkflowChoicesQuery } from '../../gql/graphql.ts'
import { describeError, faultOf } from '../../ui/errors.ts'
import { fromDraft, toDraft, type Draft, type ObjectSchema } from '../../ui/schema-form/schema.ts'
import { SchemaForm } from '../../ui/schema-form/schema-form.tsx'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import RouteOutlined from '@mui/icons-material/RouteOutlined'
import { exampleFor } from './examples.ts'
import { StartRunDocument, WorkflowChoicesDocument } from './run-list.documents.ts'

const PRIORITIES = { 'Before others': 10, 'In its turn': 0, 'After others': -10 }

type Choice = WorkflowChoicesQuery['workflows']['nodes'][number]

export default function StartRunDialog({ onClose }: { onClose(): void }) {
  const [{ data, error }, reload] = useQuery({ query: WorkflowChoicesDocument })
  const choices = data?.workflows.nodes.filter(({ currentVersion }) => currentVersion) ?? []
  return (
    <Dialog open onClose={onClose} aria-labelledby="start-run-title">
      <DialogTitle id="start-run-title">Start a run</DialogTitle>
      {choices.length > 0 && <StartRunForm choices={choices} onClose={onClose} />}
      {choices.length === 0 && (
        <DialogContent>
          {error && <ErrorState error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />}
          {!error && !data && <Skeleton variant="rounded" height={180} />}
          {data && (
            <EmptyState icon={<RouteOutlined />} title="No workflow here yet">
              A workflow must be published in this organisation first.
            </EmptyState>
          )}
        </DialogContent>
      )}
    </Dialog>
  )
}

function StartRunForm({ choices, onClose }: { choices: Choice[]; onClose(): void }) {
  const navigate = useNavigate()
  const [workflow, setWorkflow] = useState(choices[0]!)
  const schema = (workflow.currentVersion?.inputSchema ?? {}) as ObjectSchema
  const [draft, setDraft] = useState<Draft>(() => toDraft(schema, {}))
  const [caseId, setCaseId] = useState('')
  const [priority, setPriority] = useState(0)
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [{ fetching, error }, start] = useMutation(StartRunDocument)
  // One key for one content: however often it is sent, one run starts.
  const [idempotencyKey, setKey] = useState(newKey)
  const refused = error && describeError(error)
  const example = exampleFor(workflow.slug, schema)

  const choose = (slug: string) => {
    const next = choices.find((choice) => choice.slug === slug)!
    setWorkflow(next)
    setFaults({})
    change(toDraft(next.currentVersion?.inputSchema ?? {}, {}))
  }
  const change = (next: Draft) => {
    setDraft(next)
    setKey(newKey())
  }
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const parsed = fromDraft(schema, draft)
    setFaults(parsed.faults)
    if (Object.keys(parsed.faults).length > 0) return
    const { data } = await start({
      input: {
        workflow: workflow.slug,
        input: parsed.value,
        idempotencyKey,
        priority,
        ...(caseId.trim() && { caseId: caseId.trim() }),
      },
    })
    if (!data) return
    onClose()
    await navigate(`/runs/${data.startRun.run.id}`)
  }
  const shownFaults = Object.fromEntries(
    Object.keys(schema.properties ?? {}).map((name) => [name, faults[name] ?? faultOf(refused, name)]),
  )

  return (
    <form onSubmit={(event: SubmitEvent) => void submit(event)} noValidate>
      <DialogContent sx={{ display: 'grid', gap: 2, pt: 1 }}>
        {choices.length > 1 && (
          <TextField select label="Workflow" value={workflow.slug} onChange={(event) => choose(event.target.value)}>
            {choices.map(({ slug, name }) => (
              <MenuItem key={slug} value={slug}>
                {name}
              </MenuItem>
            ))}
          </TextField>
        )}
        <Typography sx={{ color: 'text.secondary' }}>
          {choices.length === 1 && <strong>{workflow.name}. </strong>}
          {workflow.description}
        </Typography>
        <SchemaForm schema={schema} draft={draft} onChange={change} faults={shownFaults} autoFocus />
        {example !== undefined && (
          <Button size="small" sx={{ justifySelf: 'start' }} onClick={() => change(toDraft(schema, example))}>
            Use an example
          </Button>
        )}
        <TextField
          label="Case (optional)"
          value={caseId}
          onChange={(event) => setCaseId(event.target.value)}
          helperText="The ticket or invoice it belongs to. Without one, the run is its own case."
        />
        <TextField
          select
          label="Priority"
          value={priority}
          onChange={(event) => setPriority(Number(event.target.value))}
          helperText="Which of the runs that wait for a worker is taken first."
        >
          {Object.entries(PRIORITIES).map(([words, value]) => (
            <MenuItem key={words} value={value}>
              {words}
            </MenuItem>
          ))}
        </TextField>
        {refused && <Alert severity="error">{refused.detail}</Alert>}
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2.5 }}>
        <Button onClick={onClose}>Close</Button>
        <Button type="submit" variant="contained" loading={fetching}>
          Start
        </Button>
      </DialogActions>
    </form>
  )
}

/** Random, and available on plain http too. */
const newKey = () => `dashboard-${Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('')}`

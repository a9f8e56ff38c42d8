import MenuItem from '@mui/material/MenuItem'
import Box from '@mui/material/Box'
import Skeleton from '@mui/material/Skeleton'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useParams, useSearchParams } from 'react-router'
import { useQuery } from 'urql'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { PageHeader } from '../../ui/states/page-header.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { BackLink } from './back-link.tsx'
import { ChangeList } from './change-list.tsx'
import { CompareVersionsDocument, WorkflowDocument } from './workflows.documents.ts'

/** `/workflows/:workflowId/compare?from=1&to=2`; without `to` it is the draft. */
export function Component() {
  const { workflowId = '' } = useParams()
  const [search, setSearch] = useSearchParams()
  const [{ data }] = useQuery({ query: WorkflowDocument, variables: { id: workflowId, after: null } })
  const workflow = data?.workflow
  const numbers = workflow?.versions.nodes.map(({ number }) => number) ?? []
  const from = Number(search.get('from')) || 1
  const to = Number(search.get('to')) || null
  const [{ data: compared, error }, reload] = useQuery({
    query: CompareVersionsDocument,
    variables: { workflow: workflowId, from, to },
    requestPolicy: 'network-only',
  })
  const changes = compared?.compareVersions.changes
  const choose = (key: 'from' | 'to', value: string) => {
    const next = new URLSearchParams(search)
    if (value === '') next.delete(key)
    else next.set(key, value)
    setSearch(next, { replace: true })
  }
  return (
    <>
      <BackLink to={`/workflows/${workflowId}`}>{workflow?.name ?? 'Workflow'}</BackLink>
      <PageHeader title="Compare versions" lead={workflow?.name} />
      <Box sx={{ display: 'flex', gap: 1.5, mb: 2, maxWidth: 480 }}>
        <VersionChoice
          label="Before"
          value={String(from)}
          numbers={[...new Set([from, ...numbers])]}
          onChange={(value) => choose('from', value)}
        />
        <VersionChoice
          label="After"
          value={to === null ? '' : String(to)}
          numbers={[...new Set([...(to === null ? [] : [to]), ...numbers])]}
          withDraft={workflow?.draft != null || to === null}
          onChange={(value) => choose('to', value)}
        />
      </Box>
      <Panel title={changes === undefined ? 'Differences' : summary(changes.length)}>
        {error && <ErrorState error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />}
        {!changes && !error && <Skeleton variant="rounded" height={200} />}
        {changes?.length === 0 && <Typography sx={{ color: 'text.secondary' }}>Both say the same.</Typography>}
        {changes && <ChangeList changes={changes} />}
      </Panel>
    </>
  )
}

const summary = (count: number) => (count === 0 ? 'No difference' : count === 1 ? 'One difference' : `${count} differences`)

interface VersionChoiceProps {
  label: string
  value: string
  numbers: number[]
  withDraft?: boolean
  onChange(value: string): void
}

function VersionChoice({ label, value, numbers, withDraft = false, onChange }: VersionChoiceProps) {
  return (
    <TextField
      select
      label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
    >
      {withDraft && <MenuItem value="">The draft</MenuItem>}
      {numbers
        .toSorted((one, other) => other - one)
        .map((number) => (
          <MenuItem key={number} value={String(number)}>
            Version {number}
          </MenuItem>
        ))}
    </TextField>
  )
}

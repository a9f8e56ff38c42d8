import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Skeleton from '@mui/material/Skeleton'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState, type SubmitEvent } from 'react'
import { useMutation, useQuery } from 'urql'
import type { RunLimitsQuery } from '../../gql/graphql.ts'
import { describeError, faultOf } from '../../ui/errors.ts'
import { formatCount } from '../../ui/format/numbers.ts'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { RunLimitsDocument, SetRunLimitsDocument } from './settings.documents.ts'

type Limits = RunLimitsQuery['runLimits']

/** How many of the organisation's runs may go on or begin, so that no rush of them costs more than was meant. */
export function LimitsPanel() {
  const [{ data, error }, reload] = useQuery({ query: RunLimitsDocument, requestPolicy: 'cache-and-network' })
  return (
    <Panel title="Limits for runs">
      {data && <LimitsForm limits={data.runLimits} />}
      {!data && !error && <Skeleton variant="rounded" height={140} />}
      {!data && error && <ErrorState error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />}
    </Panel>
  )
}

const textOf = (limit: number | null | undefined) => limit?.toString() ?? ''
const limitOf = (text: string) => (text === '' ? null : Number(text))

function LimitsForm({ limits }: { limits: Limits }) {
  const [concurrency, setConcurrency] = useState(textOf(limits.concurrency))
  const [perMinute, setPerMinute] = useState(textOf(limits.perMinute))
  const [{ fetching, error, data }, set] = useMutation(SetRunLimitsDocument)
  const fault = error && describeError(error)
  const isChanged = concurrency !== textOf(limits.concurrency) || perMinute !== textOf(limits.perMinute)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    void set({ input: { concurrency: limitOf(concurrency), perMinute: limitOf(perMinute) } })
  }
  const field = (name: string, label: string, value: string, change: (text: string) => void, help: string) => (
    <TextField
      label={label}
      type="number"
      value={value}
      onChange={(event) => change(event.target.value)}
      error={faultOf(fault, name) !== undefined}
      helperText={faultOf(fault, name) ?? help}
      slotProps={{ htmlInput: { min: 1, step: 1 } }}
    />
  )
  return (
    <Box component="form" onSubmit={submit} sx={{ display: 'grid', gap: 2, maxWidth: 460 }}>
      <Typography sx={{ color: 'text.secondary' }}>
        Runs beyond a limit wait; none is lost. Now {formatCount(limits.underWay)} under way, {formatCount(limits.queued)}{' '}
        waiting.
      </Typography>
      {field('concurrency', 'Runs at the same time', concurrency, setConcurrency, 'No limit when empty.')}
      {field('perMinute', 'Runs that begin in a minute', perMinute, setPerMinute, 'No limit when empty.')}
      {fault && <Alert severity="error">{fault.detail}</Alert>}
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 2 }}>
        <Button type="submit" variant="contained" loading={fetching} disabled={!isChanged}>
          Save the limits
        </Button>
        <Typography role="status" sx={{ color: 'success.main', fontWeight: 600 }}>
          {data && !isChanged && 'Saved.'}
        </Typography>
      </Box>
    </Box>
  )
}

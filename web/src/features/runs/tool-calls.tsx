import CheckCircleOutlined from '@mui/icons-material/CheckCircleOutlined'
import ErrorOutlined from '@mui/icons-material/ErrorOutlined'
import ExpandMoreOutlined from '@mui/icons-material/ExpandMoreOutlined'
import HelpOutlined from '@mui/icons-material/HelpOutlined'
import HourglassEmptyOutlined from '@mui/icons-material/HourglassEmptyOutlined'
import Accordion from '@mui/material/Accordion'
import AccordionDetails from '@mui/material/AccordionDetails'
import AccordionSummary from '@mui/material/AccordionSummary'
import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { useEffect } from 'react'
import { useQuery } from 'urql'
import { graphql } from '../../gql/gql.ts'
import type { ToolCallsQuery, ToolCallStatus } from '../../gql/graphql.ts'
import { formatDuration } from '../../ui/format/time.ts'
import { JsonFields } from '../../ui/json-fields.tsx'
import { StatusChip } from '../../ui/status/status-chip.tsx'
import { Panel } from '../../ui/states/panel.tsx'

const ToolCallsDocument = graphql(`
  query ToolCalls($id: ID!) {
    run(id: $id) {
      id
      toolCalls(first: 50) {
        totalCount
        nodes {
          id
          tool
          status
          attempts
          request
          answer
          error
          durationMs
        }
      }
    }
  }
`)

type Call = NonNullable<ToolCallsQuery['run']>['toolCalls']['nodes'][number]

const statuses = {
  STARTED: { word: 'Under way', tone: 'info', Icon: HourglassEmptyOutlined },
  SUCCEEDED: { word: 'Done', tone: 'success', Icon: CheckCircleOutlined },
  FAILED: { word: 'Failed', tone: 'error', Icon: ErrorOutlined },
  UNKNOWN: { word: 'Unclear', tone: 'warning', Icon: HelpOutlined },
} as const satisfies Record<ToolCallStatus, object>

/** What the run's tools sent and got back, masked. @param lastSeq asks again when the run has moved on */
export function ToolCalls({ runId, lastSeq }: { runId: string; lastSeq: number }) {
  const [{ data }, reload] = useQuery({ query: ToolCallsDocument, variables: { id: runId }, requestPolicy: 'cache-and-network' })
  useEffect(() => reload({ requestPolicy: 'network-only' }), [lastSeq, reload])
  const calls = data?.run?.toolCalls
  if (!calls || calls.nodes.length === 0) return null
  const more = calls.totalCount - calls.nodes.length
  return (
    <Panel title="Tools">
      {calls.nodes.map((call) => (
        <ToolCall key={call.id} call={call} />
      ))}
      {more > 0 && <Typography sx={{ color: 'text.secondary', mt: 1 }}>And {more} more.</Typography>}
    </Panel>
  )
}

function ToolCall({ call }: { call: Call }) {
  const { tool, status, attempts, request, answer, error, durationMs } = call
  return (
    <Accordion disableGutters elevation={0} slotProps={{ transition: { unmountOnExit: true } }}>
      <AccordionSummary expandIcon={<ExpandMoreOutlined />} sx={{ px: 0 }}>
        <Box sx={{ display: 'flex', gap: 1.25, alignItems: 'center', flexWrap: 'wrap' }}>
          <Typography sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}>{tool}</Typography>
          <StatusChip {...statuses[status]} />
          <Typography variant="body2" sx={{ color: 'text.secondary' }}>
            {[durationMs !== null && formatDuration(durationMs), attempts > 1 && `${attempts} tries`].filter(Boolean).join(' · ')}
          </Typography>
        </Box>
      </AccordionSummary>
      <AccordionDetails sx={{ px: 0, display: 'grid', gap: 1.5, gridTemplateColumns: 'minmax(0, 1fr)' }}>
        {error && <Typography>{error}</Typography>}
        <Part title="Sent" value={request} />
        {answer !== null && <Part title="Came back" value={answer} />}
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          Secrets and personal data are masked.
        </Typography>
      </AccordionDetails>
    </Accordion>
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

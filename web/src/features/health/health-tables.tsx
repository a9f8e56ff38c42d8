import Box from '@mui/material/Box'
import Table from '@mui/material/Table'
import TableBody from '@mui/material/TableBody'
import TableCell from '@mui/material/TableCell'
import TableHead from '@mui/material/TableHead'
import TableRow from '@mui/material/TableRow'
import Typography from '@mui/material/Typography'
import type { LatencyFieldsFragment } from '../../gql/graphql.ts'
import { formatCount, formatShare } from '../../ui/format/numbers.ts'
import { formatDuration } from '../../ui/format/time.ts'
import { humanize } from '../../ui/words.ts'
import type { Health } from './health-page.tsx'

const numeric = { textAlign: 'right', fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' } as const
const ms = (value: number | null | undefined) => (value == null ? '–' : formatDuration(value))

/** Percentiles of the whole and of each step. */
export function LatencyTable({ health }: { health: Health }) {
  return (
    <Box sx={{ overflowX: 'auto' }}>
      <Table size="small" aria-label="Latency">
        <TableHead>
          <TableRow>
            <TableCell>Part</TableCell>
            {['Count', 'p50', 'p90', 'p99', 'Failures', 'Retries'].map((name) => (
              <TableCell key={name} sx={numeric}>
                {name}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          <LatencyRow name="Whole run, people included" latency={health.runLatency} strong />
          <LatencyRow name="Machine alone" latency={health.machineLatency} strong />
          <LatencyRow name="Waiting to start" latency={health.queueWait} strong />
          {health.nodes.map(({ node, latency, failures, retries }) => (
            <LatencyRow key={node} name={humanize(node)} latency={latency} failures={failures} retries={retries} />
          ))}
        </TableBody>
      </Table>
    </Box>
  )
}

interface LatencyRowProps {
  name: string
  latency: LatencyFieldsFragment
  failures?: number
  retries?: number
  strong?: boolean
}

function LatencyRow({ name, latency, failures, retries, strong = false }: LatencyRowProps) {
  return (
    <TableRow>
      <TableCell component="th" scope="row" sx={{ fontWeight: strong ? 650 : 400 }}>
        {name}
      </TableCell>
      <TableCell sx={numeric}>{formatCount(latency.n)}</TableCell>
      <TableCell sx={numeric}>{ms(latency.p50)}</TableCell>
      <TableCell sx={numeric}>{ms(latency.p90)}</TableCell>
      <TableCell sx={numeric}>{ms(latency.p99)}</TableCell>
      <TableCell sx={numeric}>{failures === undefined ? '' : formatCount(failures)}</TableCell>
      <TableCell sx={numeric}>{retries === undefined ? '' : formatCount(retries)}</TableCell>
    </TableRow>
  )
}

export function FailureTable({ health }: { health: Health }) {
  if (health.failures.length === 0)
    return <Typography sx={{ color: 'text.secondary' }}>No step and no run failed in this time.</Typography>
  return (
    <Table size="small" aria-label="Errors">
      <TableHead>
        <TableRow>
          <TableCell>Kind</TableCell>
          <TableCell sx={numeric}>Count</TableCell>
          <TableCell sx={numeric}>Of all executions</TableCell>
        </TableRow>
      </TableHead>
      <TableBody>
        {health.failures.map(({ code, count, rate }) => (
          <TableRow key={code}>
            <TableCell component="th" scope="row">
              {humanize(code)}
            </TableCell>
            <TableCell sx={numeric}>{formatCount(count)}</TableCell>
            <TableCell sx={numeric}>{formatShare(rate)}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}

import Box from '@mui/material/Box'
import Checkbox from '@mui/material/Checkbox'
import Link from '@mui/material/Link'
import Skeleton from '@mui/material/Skeleton'
import Table from '@mui/material/Table'
import TableBody from '@mui/material/TableBody'
import TableCell from '@mui/material/TableCell'
import TableHead from '@mui/material/TableHead'
import TableRow from '@mui/material/TableRow'
import useMediaQuery from '@mui/material/useMediaQuery'
import type { Theme } from '@mui/material/styles'
import { memo } from 'react'
import { Link as RouterLink } from 'react-router'
import type { RunRowFragment } from '../../gql/graphql.ts'
import { Age } from '../../ui/format/age.tsx'
import { formatMoney } from '../../ui/format/numbers.ts'
import { formatDuration } from '../../ui/format/time.ts'
import { hasEnded, RunStatusChip } from '../../ui/status/run-status.tsx'
import { visuallyHidden } from '../../ui/states/visually-hidden.ts'
import { humanize } from '../../ui/words.ts'
import { outcomeOf, requestOf } from './run-list.ts'
import type { Selection } from './use-selection.ts'

const oneLine = { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' } as const
const numeric = { textAlign: 'right', whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' } as const

export interface RunTableProps {
  runs: RunRowFragment[]
  /** Rows can be ticked when it is given. */
  selection?: Selection | undefined
}

export function RunTable({ runs, selection }: RunTableProps) {
  const narrow = useMediaQuery((theme: Theme) => theme.breakpoints.down('md'))
  if (narrow) {
    return (
      <Box component="ul" aria-label="Runs" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {runs.map((run) => (
          <RunCard key={run.id} run={run} tick={tickOf(run.id, selection)} toggle={selection?.toggle} />
        ))}
      </Box>
    )
  }
  return (
    <Table aria-label="Runs" sx={{ tableLayout: 'fixed' }}>
      <TableHead>
        <TableRow>
          {selection && (
            <TableCell padding="checkbox" sx={{ width: 52 }}>
              <Checkbox
                checked={runs.every(({ id }) => selection.ids.has(id))}
                indeterminate={selection.ids.size > 0 && !runs.every(({ id }) => selection.ids.has(id))}
                onChange={() => selection.togglePage(runs.map(({ id }) => id))}
                slotProps={{ input: { 'aria-label': 'Select all runs on this page' } }}
              />
            </TableCell>
          )}
          <TableCell sx={{ width: 168 }}>Status</TableCell>
          <TableCell>Request</TableCell>
          <TableCell sx={{ width: '26%' }}>Decision</TableCell>
          <TableCell sx={{ width: 124, ...numeric }}>Started</TableCell>
          <TableCell sx={{ width: 116, ...numeric }}>Duration</TableCell>
          <TableCell sx={{ width: 108, ...numeric }}>Cost</TableCell>
        </TableRow>
      </TableHead>
      <TableBody>
        {runs.map((run) => (
          <Row key={run.id} run={run} tick={tickOf(run.id, selection)} toggle={selection?.toggle} />
        ))}
      </TableBody>
    </Table>
  )
}

/** Undefined where rows cannot be ticked. */
const tickOf = (id: string, selection: Selection | undefined) => selection && (selection.all || selection.ids.has(id))

interface RowProps {
  run: RunRowFragment
  tick: boolean | undefined
  toggle: ((id: string) => void) | undefined
}

/** Above the row's link. */
function Tick({ run, tick, toggle }: RowProps) {
  return (
    <Checkbox
      checked={tick ?? false}
      onChange={() => toggle?.(run.id)}
      sx={{ position: 'relative', zIndex: 1, ml: { xs: -1.25, md: 0 } }}
      slotProps={{ input: { 'aria-label': `Select ${requestOf(run.input).slice(0, 60) || run.id}` } }}
    />
  )
}

const Row = memo(function Row({ run, tick, toggle }: RowProps) {
  return (
    <TableRow hover selected={tick ?? false} sx={{ position: 'relative', '&:last-child td': { border: 0 } }}>
      {tick !== undefined && (
        <TableCell padding="checkbox">
          <Tick run={run} tick={tick} toggle={toggle} />
        </TableCell>
      )}
      <TableCell>
        <RunStatusChip status={run.status} />
      </TableCell>
      <TableCell>
        <RunLink run={run} />
        <Box sx={{ color: 'text.secondary', fontSize: '0.8rem', ...oneLine }}>
          {run.workflow.name}
          {run.caseId !== run.id && ` · case ${run.caseId}`}
          {run.priority !== 0 && ` · priority ${run.priority}`}
        </Box>
      </TableCell>
      <TableCell>
        <Outcome run={run} />
      </TableCell>
      <TableCell sx={numeric}>
        <Age at={run.queuedAt} />
      </TableCell>
      <TableCell sx={numeric}>{durationOf(run)}</TableCell>
      <TableCell sx={numeric}>{costOf(run)}</TableCell>
    </TableRow>
  )
})

const RunCard = memo(function RunCard({ run, tick, toggle }: RowProps) {
  return (
    <Box
      component="li"
      sx={{ position: 'relative', px: 2, py: 1.5, borderBottom: 1, borderColor: 'divider', '&:last-child': { border: 0 } }}
    >
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, mb: 0.75, justifyContent: 'space-between' }}>
        {tick !== undefined && <Tick run={run} tick={tick} toggle={toggle} />}
        <RunStatusChip status={run.status} />
        <Box sx={{ color: 'text.secondary', fontSize: '0.8rem', ml: 'auto' }}>
          <Age at={run.queuedAt} />
        </Box>
      </Box>
      <RunLink run={run} />
      <Outcome run={run} />
      <Box sx={{ color: 'text.secondary', fontSize: '0.8rem', mt: 0.25 }}>
        {run.workflow.name} · {durationOf(run)} · {costOf(run)}
      </Box>
    </Box>
  )
})

/** The whole row is the link's target; its words are the request. */
function RunLink({ run }: { run: RunRowFragment }) {
  return (
    <Link
      component={RouterLink}
      to={`/runs/${run.id}`}
      sx={{
        display: 'block',
        color: 'text.primary',
        fontWeight: 600,
        '&::after': { content: '""', position: 'absolute', inset: 0 },
        ...oneLine,
      }}
    >
      {requestOf(run.input) || `Run ${run.id.slice(-8)}`}
    </Link>
  )
}

function Outcome({ run }: { run: RunRowFragment }) {
  const { intent, action, text } = outcomeOf(run)
  if (text) return <Box sx={{ color: 'error.main', fontSize: '0.875rem', ...oneLine }}>{text}</Box>
  if (!intent && !action)
    return (
      <Box sx={{ color: 'text.secondary', fontSize: '0.875rem', ...oneLine }} title={run.waitingFor ?? undefined}>
        {hasEnded(run.status) ? '–' : (run.waitingFor ?? 'not yet')}
      </Box>
    )
  return (
    <Box sx={{ fontSize: '0.875rem' }}>
      <Box sx={{ fontWeight: 600, ...oneLine }}>{intent && humanize(intent)}</Box>
      <Box sx={{ color: 'text.secondary', ...oneLine }}>{action && humanize(action)}</Box>
    </Box>
  )
}

const durationOf = ({ durationMs, status }: RunRowFragment) =>
  durationMs != null && hasEnded(status) ? formatDuration(durationMs) : '–'
const costOf = ({ cost }: RunRowFragment) => (cost ? formatMoney(cost.total) : '–')

export function RunTableSkeleton() {
  return (
    <Box role="status" sx={{ p: 2 }}>
      <Box component="span" sx={visuallyHidden}>
        Loading runs
      </Box>
      {Array.from({ length: 8 }, (_, index) => (
        <Box key={index} sx={{ display: 'flex', gap: 2, alignItems: 'center', height: 58 }}>
          <Skeleton variant="rounded" width={120} height={24} />
          <Skeleton sx={{ flex: 1 }} />
          <Skeleton width={90} />
        </Box>
      ))}
    </Box>
  )
}

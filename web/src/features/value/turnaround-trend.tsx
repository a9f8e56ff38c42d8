import Box from '@mui/material/Box'
import Skeleton from '@mui/material/Skeleton'
import Typography from '@mui/material/Typography'
import { LineChart } from '@mui/x-charts/LineChart'
import { useQuery } from 'urql'
import { formatDay } from '../../ui/format/time.ts'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { formatKpi } from './kpi-words.ts'
import { cut } from './trend.ts'
import { TrendDocument } from './value.documents.ts'

const names = ['a', 'b', 'c', 'd', 'e', 'f'] as const

/** Turnaround over the range, in six pieces; pieces without a closed case have no point. */
export default function TurnaroundTrend({ range }: { range: { from: string; to: string } }) {
  const [a, b, c, d, e, f] = cut(range, names.length) as [Piece, Piece, Piece, Piece, Piece, Piece]
  const [{ data, error }, reload] = useQuery({ query: TrendDocument, variables: { a, b, c, d, e, f } })
  const pieces = [a, b, c, d, e, f]
  const points = data && names.map((name) => data[name].turnaround.value ?? null)
  const drawn = points?.filter((point) => point !== null).length ?? 0
  return (
    <Panel title="Turnaround over time">
      {!data && !error && <Skeleton variant="rounded" height={220} />}
      {error && <ErrorState error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />}
      {points && drawn === 0 && (
        <Typography sx={{ color: 'text.secondary', py: 4 }}>
          No case was closed in this time. The line starts with the first one.
        </Typography>
      )}
      {points && drawn > 0 && (
        <Box
          role="img"
          aria-label={`Turnaround: ${points
            .map((point, index) => (point === null ? '' : `${formatDay(pieces[index]!.to)} ${formatKpi(point, 'hours')}`))
            .filter(Boolean)
            .join(', ')}`}
        >
          <LineChart
            height={220}
            margin={{ left: 8, right: 30, top: 12, bottom: 0 }}
            xAxis={[{ scaleType: 'point', data: pieces.map(({ to }) => formatDay(to)), disableLine: true, disableTicks: true }]}
            yAxis={[
              {
                min: 0,
                valueFormatter: (value: number) => formatKpi(value, 'hours'),
                width: 64,
                disableLine: true,
                disableTicks: true,
              },
            ]}
            series={[
              {
                data: points,
                label: 'Turnaround',
                showMark: true,
                connectNulls: true,
                area: true,
                valueFormatter: (value) => (value === null ? '–' : formatKpi(value, 'hours')),
                color: 'var(--mui-palette-primary-main)',
              },
            ]}
            grid={{ horizontal: true }}
            hideLegend
            sx={{ '& .MuiAreaElement-root': { opacity: 0.14 } }}
          />
        </Box>
      )}
    </Panel>
  )
}

type Piece = ReturnType<typeof cut>[number]

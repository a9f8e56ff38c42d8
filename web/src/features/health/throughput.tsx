import Box from '@mui/material/Box'
import { BarChart } from '@mui/x-charts/BarChart'
import { formatClock, formatDay } from '../../ui/format/time.ts'
import type { Health } from './health-page.tsx'

/** Ended runs over time, those that failed on top. */
export default function Throughput({ health }: { health: Health }) {
  const name = (at: string) => (health.bucketSize === 'HOUR' ? `${formatDay(at)} ${formatClock(at).slice(0, 5)}` : formatDay(at))
  return (
    <Box role="img" aria-label={`Throughput: ${health.succeeded} succeeded and ${health.failed} failed runs`}>
      <BarChart
        height={260}
        margin={{ left: 0, right: 8, top: 12, bottom: 0 }}
        xAxis={[{ scaleType: 'band', data: health.throughput.map(({ at }) => name(at)), disableLine: true, disableTicks: true }]}
        yAxis={[{ width: 44, disableLine: true, disableTicks: true, tickMinStep: 1 }]}
        series={[
          {
            data: health.throughput.map(({ succeeded }) => succeeded),
            label: 'Succeeded',
            stack: 'ended',
            color: 'var(--mui-palette-primary-main)',
          },
          {
            data: health.throughput.map(({ failed }) => failed),
            label: 'Failed',
            stack: 'ended',
            color: 'var(--mui-palette-error-main)',
          },
        ]}
        grid={{ horizontal: true }}
        borderRadius={4}
      />
    </Box>
  )
}

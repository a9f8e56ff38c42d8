import MonitorHeartOutlined from '@mui/icons-material/MonitorHeartOutlined'
import Box from '@mui/material/Box'
import Card from '@mui/material/Card'
import Skeleton from '@mui/material/Skeleton'
import Typography from '@mui/material/Typography'
import { lazy, Suspense, useEffect, useEffectEvent } from 'react'
import { useQuery } from 'urql'
import type { TechnicalHealthQuery } from '../../gql/graphql.ts'
import { formatCount, formatMoney, formatShare } from '../../ui/format/numbers.ts'
import { formatDuration } from '../../ui/format/time.ts'
import { useRange } from '../../ui/range/range.ts'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { FailureTable, LatencyTable } from './health-tables.tsx'
import { TechnicalHealthDocument } from './health.documents.ts'

const Throughput = lazy(() => import('./throughput.tsx'))

const RENEW_MS = 15_000

export type Health = TechnicalHealthQuery['technicalHealth']

export function Component() {
  const { range, renew, label } = useRange()
  const [{ data, error }, reload] = useQuery({
    query: TechnicalHealthDocument,
    variables: { range },
    requestPolicy: 'cache-and-network',
  })
  const again = useEffectEvent(renew)
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && again(), RENEW_MS)
    return () => clearInterval(timer)
  }, [])
  const health = data?.technicalHealth
  if (!health) {
    return error ? (
      <ErrorState error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />
    ) : (
      <Skeleton variant="rounded" height={420} />
    )
  }
  if (health.runs === 0) {
    return (
      <EmptyState icon={<MonitorHeartOutlined />} title="No runs in this time">
        Latency, errors, tokens and cost of the last {label} appear with the first run.
      </EmptyState>
    )
  }
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <Tiles health={health} />
      <Panel
        title="Throughput"
        aside={<Typography variant="body2">runs per {health.bucketSize === 'HOUR' ? 'hour' : 'day'}</Typography>}
      >
        <Suspense fallback={<Skeleton variant="rounded" height={260} />}>
          <Throughput health={health} />
        </Suspense>
      </Panel>
      <Panel title="Latency">
        <LatencyTable health={health} />
      </Panel>
      <Panel title="Errors">
        <FailureTable health={health} />
      </Panel>
    </Box>
  )
}

function Tiles({ health }: { health: Health }) {
  const tiles = [
    {
      name: 'Runs',
      value: formatCount(health.runs),
      hint: `${formatCount(health.succeeded)} succeeded, ${formatCount(health.active)} under way`,
    },
    {
      name: 'Error rate',
      value: health.errorRate == null ? '–' : formatShare(health.errorRate),
      hint: `${formatCount(health.failed)} failed, ${formatCount(health.retries)} retries`,
    },
    {
      name: 'Machine time, p50',
      value: health.machineLatency.p50 == null ? '–' : formatDuration(health.machineLatency.p50),
      hint: health.machineLatency.p99 == null ? 'no data' : `p99 ${formatDuration(health.machineLatency.p99)}`,
    },
    {
      name: 'Tokens',
      value: formatCount(health.inputTokens + health.outputTokens),
      hint: `${formatCount(health.inputTokens)} in, ${formatCount(health.outputTokens)} out`,
    },
    {
      name: 'Cost',
      value: formatMoney(health.cost),
      hint: health.costPerRun ? `${formatMoney(health.costPerRun)} a run` : 'no data',
    },
  ]
  return (
    <Box
      component="ul"
      aria-label="Figures"
      sx={{
        listStyle: 'none',
        m: 0,
        p: 0,
        display: 'grid',
        gap: 2,
        gridTemplateColumns: { xs: '1fr 1fr', md: 'repeat(5, 1fr)' },
      }}
    >
      {tiles.map(({ name, value, hint }) => (
        <Card component="li" key={name} sx={{ p: 2 }}>
          <Typography variant="body2" sx={{ color: 'text.secondary' }}>
            {name}
          </Typography>
          <Typography sx={{ fontSize: '1.5rem', fontWeight: 700, letterSpacing: '-0.02em', fontVariantNumeric: 'tabular-nums' }}>
            {value}
          </Typography>
          <Typography variant="body2" sx={{ color: 'text.secondary', fontSize: '0.8rem' }}>
            {hint}
          </Typography>
        </Card>
      ))}
    </Box>
  )
}

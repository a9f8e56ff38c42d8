import Box from '@mui/material/Box'
import Skeleton from '@mui/material/Skeleton'
import { lazy, Suspense, useEffect, useRef } from 'react'
import { useQuery } from 'urql'
import { useLive } from '../../ui/live/use-live.ts'
import { useRange } from '../../ui/range/range.ts'
import { useCan } from '../../ui/session/viewer.ts'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { visuallyHidden } from '../../ui/states/visually-hidden.ts'
import { KpiCard } from './kpi-card.tsx'
import { kpiTexts } from './kpi-words.ts'
import { KpisChangedDocument, KpisDocument } from './value.documents.ts'

const TurnaroundTrend = lazy(() => import('./turnaround-trend.tsx'))

/** Changes are gathered before the figures are read again. */
const GATHER_MS = 1_500

export function Component() {
  const { range, openRange, label, renew } = useRange()
  const [{ data, error }, reload] = useQuery({ query: KpisDocument, variables: { range }, requestPolicy: 'cache-and-network' })
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const may = useCan('kpi:read')
  const moved = () => {
    clearTimeout(timer.current)
    timer.current = setTimeout(renew, GATHER_MS)
  }
  useLive({ document: KpisChangedDocument, variables: { range: openRange }, paused: !may, onEvent: moved, onGap: moved })

  if (!data && error) return <ErrorState error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />
  return (
    <>
      <Box
        sx={{
          display: 'grid',
          gap: 2,
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))', lg: 'repeat(3, minmax(0, 1fr))' },
        }}
      >
        {!data && (
          <Box component="span" role="status" sx={visuallyHidden}>
            Loading the figures
          </Box>
        )}
        {kpiTexts.map((text, index) => (
          <Box
            key={text.key}
            sx={{
              gridColumn: { xs: 'auto', sm: index === 0 ? '1 / -1' : 'auto', lg: 'auto' },
              display: 'grid',
            }}
          >
            {data ? (
              <KpiCard text={text} kpi={data.kpis[text.key]} window={label} />
            ) : (
              <Skeleton variant="rounded" height={300} sx={{ borderRadius: 3.5 }} />
            )}
          </Box>
        ))}
        <Box sx={{ gridColumn: { xs: 'auto', sm: '1 / -1', lg: 'auto' }, display: 'grid' }}>
          <Suspense fallback={<Skeleton variant="rounded" height={300} sx={{ borderRadius: 3.5 }} />}>
            <TurnaroundTrend range={range} />
          </Suspense>
        </Box>
      </Box>
    </>
  )
}

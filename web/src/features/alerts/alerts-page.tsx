import VerifiedUserOutlined from '@mui/icons-material/VerifiedUserOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Skeleton from '@mui/material/Skeleton'
import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import { useState } from 'react'
import { useQuery } from 'urql'
import { useLive } from '../../ui/live/use-live.ts'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { AlertCard } from './alert-card.tsx'
import { AlertMovedDocument, AlertsDocument } from './alerts.documents.ts'

const PAGE = 20

/** Unusual things in the audit trail, told as they happen. */
export function Component() {
  const [which, setWhich] = useState<'open' | 'all'>('open')
  return (
    <>
      <ToggleButtonGroup
        exclusive
        size="small"
        aria-label="Which alerts"
        value={which}
        onChange={(_event, next: 'open' | 'all' | null) => next && setWhich(next)}
      >
        <ToggleButton value="open" sx={{ textTransform: 'none', px: 2, minHeight: 40, bgcolor: 'background.paper' }}>
          Open
        </ToggleButton>
        <ToggleButton value="all" sx={{ textTransform: 'none', px: 2, minHeight: 40, bgcolor: 'background.paper' }}>
          All
        </ToggleButton>
      </ToggleButtonGroup>
      <AlertList key={which} onlyOpen={which === 'open'} />
    </>
  )
}

function AlertList({ onlyOpen }: { onlyOpen: boolean }) {
  const [size, setSize] = useState(PAGE)
  const [{ data, error, fetching }, reload] = useQuery({
    query: AlertsDocument,
    variables: { filter: onlyOpen ? { open: true } : {}, first: size },
    requestPolicy: 'cache-and-network',
  })
  const again = () => reload({ requestPolicy: 'network-only' })
  useLive({ document: AlertMovedDocument, variables: {}, onEvent: again, onGap: again })
  if (!data) {
    if (fetching) return <Skeleton variant="rounded" height={220} />
    return <ErrorState error={error} onRetry={again} />
  }
  const { nodes, pageInfo, totalCount } = data.alerts
  if (totalCount === 0) {
    return (
      <EmptyState icon={<VerifiedUserOutlined />} title={onlyOpen ? 'Nothing to look at' : 'No alerts yet'}>
        Signalbox watches for failed sign-ins in a row, refused requests and stolen sessions, and reports them here.
      </EmptyState>
    )
  }
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }}>
      {nodes.map((alert) => (
        <AlertCard key={alert.id} alert={alert} />
      ))}
      {pageInfo.hasNextPage && size < 200 && (
        <Button onClick={() => setSize(Math.min(200, size + PAGE))}>Show more of {totalCount}</Button>
      )}
    </Box>
  )
}

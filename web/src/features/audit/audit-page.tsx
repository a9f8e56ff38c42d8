import DownloadOutlined from '@mui/icons-material/DownloadOutlined'
import HistoryOutlined from '@mui/icons-material/HistoryOutlined'
import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Skeleton from '@mui/material/Skeleton'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { useQuery } from 'urql'
import type { AuditFilter } from '../../gql/graphql.ts'
import { describeError } from '../../ui/errors.ts'
import { useViewer } from '../../ui/session/viewer.ts'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { AuditEventsDocument } from './audit.documents.ts'
import { filterOf } from './audit-filter.ts'
import { AuditFilters } from './audit-filters.tsx'
import { AuditRow } from './audit-row.tsx'
import { IntegrityBadge } from './integrity-badge.tsx'
import { MAX_EXPORTED, useAuditExport } from './use-audit-export.ts'

const PAGE = 30

/** Who did what, and who was refused what. */
export function Component() {
  const [search] = useSearchParams()
  const [openedAt] = useState(Date.now)
  const filter = filterOf(search, openedAt)
  return (
    <>
      <IntegrityBadge />
      <AuditFilters />
      <Entries key={JSON.stringify(filter)} filter={filter} />
    </>
  )
}

function Entries({ filter }: { filter: AuditFilter }) {
  const [pages, setPages] = useState<(string | null)[]>([null])
  return (
    <Panel title="Entries" aside={<ExportButton filter={filter} />}>
      {pages.map((after, index) => (
        <EntriesPage
          key={after ?? 'first'}
          filter={filter}
          after={after}
          isLast={index === pages.length - 1}
          onMore={(cursor) => setPages([...pages, cursor])}
        />
      ))}
    </Panel>
  )
}

interface EntriesPageProps {
  filter: AuditFilter
  after: string | null
  isLast: boolean
  onMore(cursor: string): void
}

function EntriesPage({ filter, after, isLast, onMore }: EntriesPageProps) {
  const isAgency = useViewer().organization.kind === 'AGENCY'
  const [{ data, error, fetching }, reload] = useQuery({
    query: AuditEventsDocument,
    variables: { filter, first: PAGE, after },
    requestPolicy: after === null ? 'cache-and-network' : 'cache-first',
  })
  if (!data) {
    if (fetching) return <Skeleton variant="rounded" height={220} />
    return <ErrorState error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />
  }
  const { nodes, totalCount, pageInfo } = data.auditEvents
  if (totalCount === 0) {
    return (
      <EmptyState icon={<HistoryOutlined />} title="No entries">
        Nothing in the trail fits this filter.
      </EmptyState>
    )
  }
  return (
    <>
      <Box component="ul" aria-label="Entries" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {nodes.map((entry) => (
          <AuditRow key={entry.id} entry={entry} showOrganization={isAgency} />
        ))}
      </Box>
      {isLast && pageInfo.hasNextPage && (
        <Button onClick={() => onMore(pageInfo.endCursor!)} sx={{ mt: 1 }}>
          Show older ones of {totalCount.toLocaleString('en')}
        </Button>
      )}
    </>
  )
}

function ExportButton({ filter }: { filter: AuditFilter }) {
  const { read, error, cut, start } = useAuditExport(filter)
  return (
    <Box sx={{ display: 'grid', justifyItems: 'end', gap: 1 }}>
      <Button variant="outlined" startIcon={<DownloadOutlined />} disabled={read !== null} onClick={() => void start()}>
        {read === null ? 'Export as CSV' : `${read.toLocaleString('en')} read…`}
      </Button>
      {error && <Alert severity="error">{describeError(error).detail}</Alert>}
      {cut && (
        <Alert severity="info">
          The file has the newest {MAX_EXPORTED.toLocaleString('en')} entries. The command line exports all of them.
        </Alert>
      )}
    </Box>
  )
}

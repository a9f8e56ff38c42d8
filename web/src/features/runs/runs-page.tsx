import AddOutlined from '@mui/icons-material/AddOutlined'
import NavigateBeforeOutlined from '@mui/icons-material/NavigateBeforeOutlined'
import NavigateNextOutlined from '@mui/icons-material/NavigateNextOutlined'
import RouteOutlined from '@mui/icons-material/RouteOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Card from '@mui/material/Card'
import LinearProgress from '@mui/material/LinearProgress'
import { lazy, Suspense, useState } from 'react'
import { useSearchParams } from 'react-router'
import { useCan } from '../../ui/session/viewer.ts'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { PageHeader } from '../../ui/states/page-header.tsx'
import { AttentionLink } from './attention-link.tsx'
import { readAddress, toFilter } from './run-filter.ts'
import { RunFilters } from './run-filters.tsx'
import { RunTable, RunTableSkeleton } from './run-table.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { useSelection } from './use-selection.ts'
import { useRunList } from './use-run-list.ts'

const StartRunDialog = lazy(() => import('./start-run-dialog.tsx'))

export function Component() {
  const [search, setSearch] = useSearchParams()
  const address = readAddress(search)
  const { list, pageInfo, error, fetching, refresh } = useRunList(address)
  const [starting, setStarting] = useState(false)
  const mayStart = useCan('wrm:write')
  const selection = useSelection(search.toString())
  const filtered = address.status.length > 0 || address.workflow !== '' || address.search !== '' || address.group !== undefined

  const turn = (key: 'after' | 'before', cursor: string | null | undefined) => {
    const next = new URLSearchParams(search)
    for (const other of ['after', 'before']) next.delete(other)
    if (cursor) next.set(key, cursor)
    setSearch(next)
  }
  const startButton = mayStart && (
    <Button variant="contained" startIcon={<AddOutlined />} onClick={() => setStarting(true)}>
      Start a run
    </Button>
  )

  return (
    <>
      <PageHeader
        title="Runs"
        lead="Every piece of work that a workflow did or is doing, as it happens."
        actions={
          <>
            <AttentionLink />
            {startButton}
          </>
        }
      />
      <RunFilters />
      <Card component="section" aria-label="Run list" aria-busy={fetching}>
        <Box sx={{ height: 3 }}>{fetching && list && <LinearProgress aria-label="Refreshing" sx={{ height: 3 }} />}</Box>
        {list && mayStart && (
          <SelectionBar
            selection={selection}
            onPage={list.runs.length}
            total={list.totalCount}
            filter={toFilter(address)}
            onFinished={refresh}
          />
        )}
        {list && list.runs.length > 0 && <RunTable runs={list.runs} selection={mayStart ? selection : undefined} />}
        {list && list.runs.length === 0 && !error && (
          <EmptyState
            icon={<RouteOutlined />}
            title={filtered ? 'No run matches' : 'No runs yet'}
            action={!filtered && startButton}
          >
            {filtered
              ? 'Try other words or another state.'
              : 'A run appears here the moment it is started: here, by n8n, or by a partner.'}
          </EmptyState>
        )}
        {!list && !error && <RunTableSkeleton />}
        {error && (
          <Box sx={{ p: 2 }}>
            <ErrorState error={error} onRetry={refresh} />
          </Box>
        )}
      </Card>
      <Box component="nav" aria-label="Pages" sx={{ display: 'flex', alignItems: 'center', gap: 1, mt: 1.5, minHeight: 44 }}>
        <Box role="status" sx={{ color: 'text.secondary', fontSize: '0.875rem', flex: 1 }}>
          {list && `${list.totalCount.toLocaleString('en')} ${list.totalCount === 1 ? 'run' : 'runs'}`}
        </Box>
        {(pageInfo?.hasPreviousPage || address.after || address.before) && (
          <>
            <Button onClick={() => turn('after', null)}>Newest</Button>
            <Button
              startIcon={<NavigateBeforeOutlined />}
              disabled={!pageInfo?.hasPreviousPage}
              onClick={() => turn('before', pageInfo?.startCursor)}
            >
              Newer
            </Button>
          </>
        )}
        <Button
          endIcon={<NavigateNextOutlined />}
          disabled={!pageInfo?.hasNextPage}
          onClick={() => turn('after', pageInfo?.endCursor)}
        >
          Older
        </Button>
      </Box>
      <Suspense>{starting && <StartRunDialog onClose={() => setStarting(false)} />}</Suspense>
    </>
  )
}

import ArrowBackOutlined from '@mui/icons-material/ArrowBackOutlined'
import SearchOffOutlined from '@mui/icons-material/SearchOffOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Skeleton from '@mui/material/Skeleton'
import { lazy, Suspense } from 'react'
import { Link, useParams } from 'react-router'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { visuallyHidden } from '../../ui/states/visually-hidden.ts'
import { Annotations } from './annotations.tsx'
import { Artifacts } from './artifacts.tsx'
import { Evidence } from './evidence.tsx'
import { FailureNotice } from './failure-notice.tsx'
import { Outcome } from './outcome.tsx'
import { RunHead } from './run-head.tsx'
import { RunReviews } from './run-reviews.tsx'
import { Snapshot } from './snapshot.tsx'
import { Timeline } from './timeline.tsx'
import { useRun } from './use-run.ts'
import { ToolCalls } from './tool-calls.tsx'
import { WaitingNotice } from './waiting-notice.tsx'

const StateGraph = lazy(() => import('./state-graph.tsx'))

export function Component() {
  const { runId = '' } = useParams()
  return <RunView key={runId} id={runId} />
}

function RunView({ id }: { id: string }) {
  const { run, log, error, refresh } = useRun(id)
  const missing = error?.graphQLErrors.some((fault) => fault.extensions['code'] === 'NOT_FOUND')
  if (!run) {
    if (missing || (run === null && !error)) return <NoSuchRun />
    return error ? <ErrorState error={error} onRetry={refresh} page /> : <RunSkeleton />
  }
  return (
    <>
      <Back />
      <RunHead run={run} />
      <FailureNotice run={run} />
      <WaitingNotice run={run} />
      <Panel title="State">
        <Suspense fallback={<Skeleton variant="rounded" height={230} />}>
          <StateGraph graph={run.graph} />
        </Suspense>
      </Panel>
      <Box
        sx={{
          display: 'grid',
          gap: 2,
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 1fr) minmax(0, 1fr)' },
          alignItems: 'start',
          mt: 2,
        }}
      >
        <Box sx={{ display: 'grid', gap: 2 }}>
          <Outcome run={run} />
          <Snapshot snapshot={run.effectiveness} />
          <RunReviews reviews={run.reviews} />
          <Evidence steps={run.steps} />
          <ToolCalls runId={run.id} lastSeq={run.lastSeq} />
          <Artifacts artifacts={run.artifacts.nodes} />
          <Annotations runId={run.id} annotations={run.annotations.nodes} onAdded={refresh} />
        </Box>
        <Timeline log={log} run={run} />
      </Box>
      {error && (
        <Box sx={{ mt: 2 }}>
          <ErrorState error={error} onRetry={refresh} />
        </Box>
      )}
    </>
  )
}

function Back() {
  return (
    <Button component={Link} to="/runs" startIcon={<ArrowBackOutlined />} size="small" sx={{ mb: 1, ml: -1 }}>
      All runs
    </Button>
  )
}

function NoSuchRun() {
  return (
    <EmptyState
      icon={<SearchOffOutlined />}
      title="There is no such run"
      action={
        <Button component={Link} to="/runs" variant="contained">
          All runs
        </Button>
      }
    >
      It does not exist, or it belongs to an organisation that you cannot read.
    </EmptyState>
  )
}

function RunSkeleton() {
  return (
    <Box role="status" sx={{ display: 'grid', gap: 2 }}>
      <Box component="span" sx={visuallyHidden}>
        Loading the run
      </Box>
      <Skeleton width={90} height={34} />
      <Skeleton width="60%" height={48} />
      <Skeleton width="80%" height={28} />
      <Skeleton variant="rounded" height={290} />
      <Skeleton variant="rounded" height={320} />
    </Box>
  )
}

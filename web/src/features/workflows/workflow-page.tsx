import EditOutlined from '@mui/icons-material/EditOutlined'
import SearchOffOutlined from '@mui/icons-material/SearchOffOutlined'
import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Skeleton from '@mui/material/Skeleton'
import Typography from '@mui/material/Typography'
import { lazy, Suspense } from 'react'
import { Link, useParams } from 'react-router'
import { useQuery } from 'urql'
import type { WorkflowQuery } from '../../gql/graphql.ts'
import { nameOf } from '../../ui/actor-name.ts'
import { Age } from '../../ui/format/age.tsx'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { PageHeader } from '../../ui/states/page-header.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { BackLink } from './back-link.tsx'
import { StepList } from './step-list.tsx'
import { useMayChange } from './use-may-change.ts'
import { VersionsPanel } from './versions-panel.tsx'
import { WorkflowDocument } from './workflows.documents.ts'

const DefinitionGraph = lazy(() => import('./definition-graph.tsx'))
const context = { additionalTypenames: ['WorkflowVersion', 'WorkflowDraft'] }

/** `/workflows/:workflowId`: how it works, and its versions. */
export function Component() {
  const { workflowId = '' } = useParams()
  const [{ data, error }, reload] = useQuery({
    query: WorkflowDocument,
    variables: { id: workflowId, after: null },
    requestPolicy: 'cache-and-network',
    context,
  })
  const missing = error?.graphQLErrors.some((fault) => fault.extensions['code'] === 'NOT_FOUND')
  if (missing) {
    return (
      <EmptyState icon={<SearchOffOutlined />} title="There is no such workflow">
        It may belong to another organisation.
      </EmptyState>
    )
  }
  if (!data?.workflow) {
    return error ? (
      <ErrorState error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} page />
    ) : (
      <Skeleton variant="rounded" height={420} />
    )
  }
  return <WorkflowView key={workflowId} workflow={data.workflow} />
}

export type WorkflowDetail = NonNullable<WorkflowQuery['workflow']>

function WorkflowView({ workflow }: { workflow: WorkflowDetail }) {
  const { id, name, description, currentVersion, draft, recentRuns, organization } = workflow
  const mayChange = useMayChange(organization?.id)
  const graph = currentVersion?.graph ?? draft?.graph
  return (
    <>
      <BackLink to="/workflows">Workflows</BackLink>
      <PageHeader
        title={name}
        lead={description}
        actions={
          mayChange && (
            <Button component={Link} to={`/workflows/${id}/draft`} variant="contained" startIcon={<EditOutlined />}>
              {draft ? 'Go on changing it' : 'Change it'}
            </Button>
          )
        }
      />
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }}>
        {draft && (
          <Alert severity="info">
            {nameOf(draft.savedBy)} is changing this workflow: a draft was saved <Age at={draft.savedAt} />.{' '}
            {currentVersion
              ? `Version ${currentVersion.number} runs until it is published.`
              : 'Nothing runs until it is published.'}
          </Alert>
        )}
        <Panel
          title="How it works"
          aside={
            <Typography variant="body2" sx={{ color: 'text.secondary' }}>
              {currentVersion ? `Version ${currentVersion.number} · ` : 'As drafted · '}
              {recentRuns.toLocaleString('en')} {recentRuns === 1 ? 'run' : 'runs'} in 30 days
            </Typography>
          }
        >
          {graph ? (
            <Box sx={{ display: 'grid', gap: 2.5, gridTemplateColumns: 'minmax(0, 1fr)' }}>
              <Suspense fallback={<Skeleton variant="rounded" height={230} />}>
                <DefinitionGraph graph={graph} />
              </Suspense>
              <StepList graph={graph} />
            </Box>
          ) : (
            <Typography sx={{ color: 'text.secondary' }}>The steps cannot be drawn yet: the draft has faults.</Typography>
          )}
        </Panel>
        <VersionsPanel workflow={workflow} mayChange={mayChange} />
      </Box>
    </>
  )
}

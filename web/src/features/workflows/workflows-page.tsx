import AccountTreeOutlined from '@mui/icons-material/AccountTreeOutlined'
import AddOutlined from '@mui/icons-material/AddOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Card from '@mui/material/Card'
import Skeleton from '@mui/material/Skeleton'
import { useState } from 'react'
import { useQuery } from 'urql'
import { useCan } from '../../ui/session/viewer.ts'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { PageHeader } from '../../ui/states/page-header.tsx'
import { NewWorkflowDialog } from './new-workflow-dialog.tsx'
import { WorkflowCard } from './workflow-card.tsx'
import { WorkflowsDocument } from './workflows.documents.ts'

/** An empty list names no type that a mutation could touch: it is named here. */
const context = { additionalTypenames: ['Workflow', 'WorkflowVersion', 'WorkflowDraft'] }

/** `/workflows`: the automations, and which version of each runs. */
export function Component() {
  const [creating, setCreating] = useState(false)
  const [after, setAfter] = useState<string | null>(null)
  const [{ data, error }, reload] = useQuery({
    query: WorkflowsDocument,
    variables: { after },
    requestPolicy: 'cache-and-network',
    context,
  })
  const page = data?.workflows
  const create = useCan('workflow:publish') && (
    <Button variant="contained" startIcon={<AddOutlined />} onClick={() => setCreating(true)}>
      New workflow
    </Button>
  )
  return (
    <>
      <PageHeader title="Workflows" lead="What runs here, in which version, and who published it." actions={create} />
      {!page && !error && <Skeleton variant="rounded" height={220} />}
      {!page && error && <ErrorState error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />}
      {page?.nodes.length === 0 && (
        <Card>
          <EmptyState icon={<AccountTreeOutlined />} title="No workflow yet" action={create}>
            A workflow says step by step what the machine does, and when it asks a person.
          </EmptyState>
        </Card>
      )}
      {page && page.nodes.length > 0 && (
        <Box component="ul" aria-label="Workflows" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1.5 }}>
          {page.nodes.map((workflow) => (
            <WorkflowCard key={workflow.id} workflow={workflow} />
          ))}
        </Box>
      )}
      {page && (after !== null || page.pageInfo.hasNextPage) && (
        <Box component="nav" aria-label="Pages" sx={{ display: 'flex', gap: 1, mt: 1.5 }}>
          {after !== null && <Button onClick={() => setAfter(null)}>First</Button>}
          <Button disabled={!page.pageInfo.hasNextPage} onClick={() => setAfter(page.pageInfo.endCursor ?? null)}>
            More
          </Button>
        </Box>
      )}
      {creating && <NewWorkflowDialog onClose={() => setCreating(false)} />}
    </>
  )
}

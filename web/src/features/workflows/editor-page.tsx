import LockOutlined from '@mui/icons-material/LockOutlined'
import Skeleton from '@mui/material/Skeleton'
import { useParams } from 'react-router'
import { useQuery } from 'urql'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { Editor } from './editor.tsx'
import { useMayChange } from './use-may-change.ts'
import { EditorDocument } from './workflows.documents.ts'

/** `/workflows/:workflowId/draft` */
export function Component() {
  const { workflowId = '' } = useParams()
  const [{ data, error }, reload] = useQuery({
    query: EditorDocument,
    variables: { id: workflowId },
    // What is being written is never replaced by what comes later: the first answer is what is edited.
    requestPolicy: 'network-only',
  })
  const mayChange = useMayChange(data?.workflow?.organization?.id)
  const read = () => reload({ requestPolicy: 'network-only' })
  if (!data?.workflow) {
    return error ? <ErrorState error={error} onRetry={read} page /> : <Skeleton variant="rounded" height={520} />
  }
  if (!mayChange) {
    return (
      <EmptyState icon={<LockOutlined />} title="This is not open to you">
        Workflows are changed by people of the agency, in the organisation that they belong to.
      </EmptyState>
    )
  }
  return <Editor key={workflowId} workflow={data.workflow} schema={data.workflowDefinitionSchema} />
}

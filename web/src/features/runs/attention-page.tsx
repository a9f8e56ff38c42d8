import ArrowBackOutlined from '@mui/icons-material/ArrowBackOutlined'
import TaskAltOutlined from '@mui/icons-material/TaskAltOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Skeleton from '@mui/material/Skeleton'
import { Link } from 'react-router'
import { useQuery } from 'urql'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { PageHeader } from '../../ui/states/page-header.tsx'
import { DeadLettersDocument } from './attention.documents.ts'
import { FailureGroupCard } from './failure-group-card.tsx'

/** Failed runs that nobody has dealt with, like ones together. */
export function Component() {
  const [{ data, error }, reload] = useQuery({ query: DeadLettersDocument, requestPolicy: 'cache-and-network' })
  const again = () => reload({ requestPolicy: 'network-only' })
  const groups = data?.deadLetters
  return (
    <>
      <Button component={Link} to="/runs" startIcon={<ArrowBackOutlined />} size="small" sx={{ mb: 1, ml: -1 }}>
        All runs
      </Button>
      <PageHeader
        title="Needs attention"
        lead="Runs that failed and that nobody has dealt with yet. Like failures stand together: mend the cause, then retry them all."
      />
      {!groups && error && <ErrorState error={error} onRetry={again} />}
      {!groups && !error && <Skeleton variant="rounded" height={180} aria-label="Loading" />}
      {groups?.length === 0 && (
        <EmptyState icon={<TaskAltOutlined />} title="Nothing needs attention">
          Every run that failed was retried, run again or dismissed.
        </EmptyState>
      )}
      <Box component="ul" aria-label="Groups of failures" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 2 }}>
        {groups?.map((group) => (
          <FailureGroupCard key={`${group.organization?.id} ${group.id}`} group={group} onChanged={again} />
        ))}
      </Box>
    </>
  )
}

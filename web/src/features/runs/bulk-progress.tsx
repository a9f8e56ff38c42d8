import Box from '@mui/material/Box'
import LinearProgress from '@mui/material/LinearProgress'
import Typography from '@mui/material/Typography'
import { useEffect, useEffectEvent } from 'react'
import { useQuery } from 'urql'
import type { BulkFieldsFragment } from '../../gql/graphql.ts'
import { BulkOperationDocument } from './bulk.documents.ts'
import { bulkWords, runsWord } from './bulk-words.ts'

const LOOK_MS = 1_000

export interface BulkProgressProps {
  /** As it was started. */
  operation: BulkFieldsFragment
  onFinished?(): void
}

/** How far an action on many runs has come. */
export function BulkProgress({ operation: started, onFinished }: BulkProgressProps) {
  const [{ data }, reload] = useQuery({
    query: BulkOperationDocument,
    variables: { id: started.id },
    requestPolicy: 'network-only',
  })
  const operation = data?.bulkOperation ?? started
  const finished = operation.finishedAt != null
  const look = useEffectEvent(() => reload({ requestPolicy: 'network-only' }))
  const tell = useEffectEvent(() => onFinished?.())
  useEffect(() => {
    if (finished) {
      tell()
      return
    }
    const timer = setInterval(() => look(), LOOK_MS)
    return () => clearInterval(timer)
  }, [finished])
  const { total, done, refused, refusals, action } = operation
  return (
    <Box role="status" sx={{ display: 'grid', gap: 1 }}>
      <Typography>
        {finished ? (
          <>
            Done: <strong>{runsWord(done)}</strong> {bulkWords[action].done}.
          </>
        ) : (
          <>
            {(done + refused).toLocaleString('en')} of {runsWord(total)}…
          </>
        )}
      </Typography>
      <LinearProgress
        variant="determinate"
        aria-label="Progress"
        value={finished ? 100 : total === 0 ? 0 : ((done + refused) / total) * 100}
        sx={{ height: 8, borderRadius: 4 }}
      />
      {refusals.map(({ reason, count }) => (
        <Typography key={reason} variant="body2" sx={{ color: 'text.secondary' }}>
          Not to {runsWord(count)}: {reason}
        </Typography>
      ))}
    </Box>
  )
}

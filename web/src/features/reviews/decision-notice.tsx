import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import { nameOf } from '../../ui/actor-name.ts'
import { formatAge } from '../../ui/format/time.ts'
import { useNow } from '../../ui/format/use-now.ts'
import { JsonFields } from '../../ui/json-fields.tsx'
import { useViewer } from '../../ui/session/viewer.ts'
import { decidedWords } from '../../ui/words.ts'
import type { FullReview } from './review-detail.tsx'

/** How a review ended: who decided what and when, or why nobody did. */
export function DecisionNotice({ review: { decision, status } }: { review: FullReview }) {
  const now = useNow(1_000)
  const { actor } = useViewer()
  if (status === 'EXPIRED') {
    const outcome = decision ? `, so it was ${decidedWords(decision.action)} by itself ${formatAge(decision.decidedAt, now)}` : ''
    return <Alert severity="warning">Nobody decided in time{outcome}.</Alert>
  }
  if (status === 'WITHDRAWN') return <Alert severity="info">The run was cancelled before anybody decided.</Alert>
  if (!decision) return null
  const by = decision.decidedBy
  const own = by?.__typename === 'User' && actor.__typename === 'User' && by.id === actor.id
  return (
    <Alert severity="success" variant="outlined" role="status">
      {own ? 'You' : nameOf(by)} decided this {formatAge(decision.decidedAt, now)}:{' '}
      <strong>{decidedWords(decision.action)}</strong>
      {decision.comment && <Box sx={{ mt: 0.5 }}>“{decision.comment}”</Box>}
      {decision.value != null && (
        <Box sx={{ mt: 1 }}>
          <JsonFields value={decision.value} />
        </Box>
      )}
    </Alert>
  )
}

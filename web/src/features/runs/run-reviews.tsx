import Box from '@mui/material/Box'
import Link from '@mui/material/Link'
import Typography from '@mui/material/Typography'
import { Link as RouterLink } from 'react-router'
import { nameOf } from '../../ui/actor-name.ts'
import { Age } from '../../ui/format/age.tsx'
import { formatShare } from '../../ui/format/numbers.ts'
import { JsonFields } from '../../ui/json-fields.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { decidedWords } from '../../ui/words.ts'
import type { RunView } from './run-head.tsx'

const fates = {
  OPEN: 'Waiting for a decision',
  EXPIRED: 'Nobody decided in time',
  WITHDRAWN: 'Withdrawn',
  DECIDED: 'Decided',
} as const

/** Every question that the run asked, and who answered it how. */
export function RunReviews({ reviews }: { reviews: RunView['reviews'] }) {
  if (reviews.length === 0) return null
  return (
    <Panel title="Reviews and decisions">
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 2 }}>
        {reviews.map(({ id, question, status, confidence, decision }) => (
          <Box component="li" key={id}>
            <Link component={RouterLink} to={`/reviews/${id}`} sx={{ fontWeight: 600 }}>
              {question}
            </Link>
            <Typography variant="body2" sx={{ color: 'text.secondary' }}>
              {decision ? (
                <>
                  <strong>{nameOf(decision.decidedBy)}</strong> {decidedWords(decision.action)} <Age at={decision.decidedAt} />
                </>
              ) : (
                fates[status]
              )}
              {confidence != null && ` · confidence was ${formatShare(confidence)}`}
            </Typography>
            {decision?.comment && <Typography sx={{ mt: 0.5 }}>“{decision.comment}”</Typography>}
            {decision?.value != null && (
              <Box sx={{ mt: 1 }}>
                <JsonFields value={decision.value} />
              </Box>
            )}
          </Box>
        ))}
      </Box>
    </Panel>
  )
}

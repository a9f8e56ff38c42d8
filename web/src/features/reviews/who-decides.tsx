import Box from '@mui/material/Box'
import { nameOf } from '../../ui/actor-name.ts'
import { dueWords, formatMoment } from '../../ui/format/time.ts'
import { useNow } from '../../ui/format/use-now.ts'
import type { FullReview } from './review-detail.tsx'
import { expiryWords, roleName } from './review-words.ts'

/** Who may decide, how many must agree, until when, and what happens when nobody does. */
export function WhoDecides({ review }: { review: FullReview }) {
  const now = useNow(5_000)
  const { role, quorum, selfApproval, assignee, dueAt, expiresAt, expiryAction } = review
  const due = dueWords(dueAt, now)
  const lines = [
    assignee && `It is for ${nameOf({ __typename: 'User', ...assignee })}.`,
    role && `Only an ${roleName(role)} or a role above may decide.`.replace(/\ban (?=[^aeiou])/, 'a '),
    quorum > 1 && `${quorum} people must agree; one who rejects decides at once.`,
    !selfApproval && 'Whoever started the run may not decide.',
  ].filter((line) => typeof line === 'string')
  return (
    <Box sx={{ fontSize: '0.9rem', color: 'text.secondary', display: 'grid', gap: 0.25 }}>
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
      {due.urgency !== 'none' && (
        <Box component="span" sx={due.urgency === 'calm' ? {} : { color: 'error.main', fontWeight: 600 }}>
          {due.words.charAt(0).toUpperCase() + due.words.slice(1)}.
        </Box>
      )}
      {expiresAt && expiryAction && (
        <span>
          If nobody decides by {formatMoment(expiresAt)}, {expiryWords[expiryAction]}.
        </span>
      )}
    </Box>
  )
}

import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { useMutation } from 'urql'
import type { DecideReviewsMutation, ReviewRowFragment } from '../../gql/graphql.ts'
import { describeError } from '../../ui/errors.ts'
import { DecideReviewsDocument } from './review.documents.ts'
import { proposalOf } from './proposal.ts'

export type BulkAction = 'APPROVE' | 'REJECT'

export interface BulkDialogProps {
  action: BulkAction
  reviews: ReviewRowFragment[]
  onClose(done: boolean): void
}

const words = {
  APPROVE: { title: 'Approve', done: 'approved', lead: 'Each goes on as it is proposed.' },
  REJECT: { title: 'Reject', done: 'rejected', lead: 'What is proposed is done for none of them.' },
} as const

const titleOf = (review: ReviewRowFragment) => proposalOf(review).text ?? review.question

/** Shows what is about to be decided together, and afterwards what became of each. */
export function BulkDialog({ action, reviews: given, onClose }: BulkDialogProps) {
  // What was shown first stays: those that are decided leave the queue meanwhile.
  const [reviews] = useState(given)
  const [{ fetching, error, data }, decide] = useMutation(DecideReviewsDocument)
  const [comment, setComment] = useState('')
  const { title, lead } = words[action]
  const able = reviews.filter(({ allowedActions }) => allowedActions.includes(action))
  const send = () =>
    decide({
      input: {
        decisions: able.map(({ id, checkpointId }) => ({ reviewId: id, checkpointId, action, comment: comment.trim() || null })),
      },
    })
  return (
    <Dialog open onClose={() => onClose(data !== undefined)} maxWidth="sm" fullWidth aria-labelledby="bulk-title">
      <DialogTitle id="bulk-title">{data ? 'What became of them' : `${title} ${counted(able.length)}?`}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        {data ? (
          <Outcomes outcomes={data.decideReviews.outcomes} reviews={reviews} done={words[action].done} />
        ) : (
          <>
            <Typography>{lead}</Typography>
            {able.length < reviews.length && (
              <Alert severity="info">{counted(reviews.length - able.length)} cannot be decided this way and stay open.</Alert>
            )}
            <Box component="ul" sx={{ m: 0, pl: 2.5, maxHeight: 260, overflowY: 'auto' }}>
              {able.map((review) => (
                <li key={review.id}>
                  <Typography variant="body2" noWrap>
                    {titleOf(review)}
                  </Typography>
                </li>
              ))}
            </Box>
            <TextField
              label="Comment (optional)"
              value={comment}
              onChange={(event) => setComment(event.target.value)}
              multiline
              maxRows={4}
            />
          </>
        )}
        {error && <Alert severity="error">{describeError(error).detail}</Alert>}
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2.5 }}>
        <Button onClick={() => onClose(data !== undefined)} autoFocus={data !== undefined}>
          {data ? 'Close' : 'Cancel'}
        </Button>
        {!data && (
          <Button
            variant="contained"
            color={action === 'APPROVE' ? 'success' : 'error'}
            loading={fetching}
            disabled={able.length === 0}
            onClick={() => void send()}
          >
            {title} {able.length}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  )
}

interface OutcomesProps {
  outcomes: DecideReviewsMutation['decideReviews']['outcomes']
  reviews: ReviewRowFragment[]
  done: string
}

function Outcomes({ outcomes, reviews, done }: OutcomesProps) {
  const refused = outcomes.filter(({ fault }) => fault !== null && fault !== undefined)
  const waiting = outcomes.filter(({ review }) => review?.status === 'OPEN')
  const taken = outcomes.length - refused.length - waiting.length
  return (
    <>
      {taken > 0 && <Alert severity="success">{`${counted(taken)} ${done}.`}</Alert>}
      {waiting.length > 0 && <Alert severity="info">{counted(waiting.length)} still need others to agree.</Alert>}
      {refused.length > 0 && (
        <Alert severity="warning">
          {counted(refused.length)} not {done}:
          <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
            {refused.map(({ reviewId, fault }) => {
              const review = reviews.find(({ id }) => id === reviewId)
              return (
                <li key={reviewId}>
                  {review && `${shortened(titleOf(review))}: `}
                  {fault?.message}
                </li>
              )
            })}
          </Box>
        </Alert>
      )}
    </>
  )
}

const counted = (count: number) => (count === 1 ? 'One review' : `${count} reviews`)
const shortened = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text)

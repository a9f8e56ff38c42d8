import BackHandOutlined from '@mui/icons-material/BackHandOutlined'
import ForwardOutlined from '@mui/icons-material/ForwardOutlined'
import LockOpenOutlined from '@mui/icons-material/LockOpenOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { useMutation } from 'urql'
import { nameOf } from '../../ui/actor-name.ts'
import { describeError, type Fault } from '../../ui/errors.ts'
import { formatSpan } from '../../ui/format/time.ts'
import { useNow } from '../../ui/format/use-now.ts'
import { useViewer } from '../../ui/session/viewer.ts'
import { DelegateDialog } from './delegate-dialog.tsx'
import { ClaimReviewDocument, ReleaseReviewDocument } from './review.documents.ts'
import type { FullReview } from './review-detail.tsx'
import { useKeptClaim } from './use-kept-claim.ts'

export interface HandlingProps {
  review: FullReview
  onRefused(fault: Fault | undefined): void
  /** Reads the review again. */
  refresh(): void
}

/** Says who is at a review, and lets the viewer take it, let it go, or hand it on. */
export function Handling({ review, onRefused, refresh }: HandlingProps) {
  const now = useNow(10_000)
  const { actor, role } = useViewer()
  const [{ fetching: claiming }, claim] = useMutation(ClaimReviewDocument)
  const [{ fetching: releasing }, release] = useMutation(ReleaseReviewDocument)
  const [delegating, setDelegating] = useState(false)
  const own = actor.__typename === 'User' && review.claimedBy?.id === actor.id
  useKeptClaim(own ? review.id : undefined)

  const act = async (work: typeof claim | typeof release) => {
    const { error } = await work({ input: { reviewId: review.id } })
    onRefused(error && describeError(error))
    refresh()
  }
  const isMine = actor.__typename === 'User' && review.assignee?.id === actor.id
  const mayRelease = own || (role !== null && role !== 'CLIENT_REVIEWER' && role !== 'CLIENT_VIEWER')
  return (
    <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', flexWrap: 'wrap' }}>
      {review.claimedBy && (
        <Typography variant="body2" role="status" sx={{ fontWeight: 600 }}>
          {own ? 'You are at it' : `${nameOf({ __typename: 'User', ...review.claimedBy })} is at it`}
          {review.claimEndsAt &&
            ` (for ${formatSpan(Math.max(0, Date.parse(review.claimEndsAt) - now))} more without a sign of life)`}
        </Typography>
      )}
      {!review.claimedBy && review.canDecide.allowed && (
        <Button size="small" startIcon={<BackHandOutlined />} loading={claiming} onClick={() => void act(claim)}>
          Claim
        </Button>
      )}
      {review.claimedBy && mayRelease && (
        <Button size="small" startIcon={<LockOpenOutlined />} loading={releasing} onClick={() => void act(release)}>
          Release
        </Button>
      )}
      {(review.canDecide.allowed || isMine) && (
        <Button size="small" startIcon={<ForwardOutlined />} onClick={() => setDelegating(true)}>
          Hand to a colleague
        </Button>
      )}
      {delegating && <DelegateDialog review={review} onClose={() => setDelegating(false)} onDone={refresh} />}
    </Box>
  )
}

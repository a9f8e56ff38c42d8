import { useMutation } from 'urql'
import { describeError, type Fault } from '../../ui/errors.ts'
import type { Answer } from './decision-form.tsx'
import { DecideReviewDocument } from './review.documents.ts'
import type { FullReview } from './review-detail.tsx'
import { useActiveClock } from './use-active-ms.ts'

export interface DecisionOptions {
  review: FullReview
  onRefused(fault: Fault | undefined): void
  /** Reads the review again: it is not what was looked at any more. */
  refresh(): void
  onDecided(): void
}

/** Sends an answer, with the time that was spent on it. One that waits for others to agree leaves the review where it is. */
export function useDecision({ review, onRefused, refresh, onDecided }: DecisionOptions) {
  const [{ fetching }, decide] = useMutation(DecideReviewDocument)
  const clock = useActiveClock()
  /** Gives whether it was taken. */
  const send = async (answer: Answer): Promise<boolean> => {
    const result = await decide({
      input: { reviewId: review.id, checkpointId: review.checkpointId, activeMs: clock.elapsed, ...answer },
    })
    const refused = result.error && describeError(result.error)
    onRefused(refused)
    if (result.data && result.data.decideReview.review.status !== 'OPEN') onDecided()
    else if (!refused || ['CONFLICT', 'PRECONDITION_FAILED', 'NOT_FOUND', 'FORBIDDEN'].includes(refused.code)) refresh()
    return result.data !== undefined
  }
  return { send, sending: fetching }
}

import { useEffect } from 'react'
import { useMutation } from 'urql'
import { ClaimReviewDocument } from './review.documents.ts'
import { useActiveClock } from './use-active-ms.ts'

const LOOK_EVERY_MS = 5 * 60_000

/** Claims a review again now and then, as long as somebody is at the page: a claim ends after 30 minutes without. */
export function useKeptClaim(reviewId: string | undefined): void {
  const [, claim] = useMutation(ClaimReviewDocument)
  const clock = useActiveClock()
  useEffect(() => {
    if (reviewId === undefined) return
    let seen = clock.elapsed
    const timer = setInterval(() => {
      if (clock.elapsed === seen) return
      seen = clock.elapsed
      void claim({ input: { reviewId } })
    }, LOOK_EVERY_MS)
    return () => clearInterval(timer)
  }, [reviewId, clock, claim])
}

import { useState } from 'react'
import { useQuery } from 'urql'
import type { ReviewFilter, ReviewsQuery } from '../../gql/graphql.ts'
import { useLive } from '../../ui/live/use-live.ts'
import { ReviewsChangedDocument, ReviewsDocument } from './review.documents.ts'
import { applyReviewChange, byUrgency, type ReviewList } from './review-list.ts'

export const QUEUE_SIZE = 100

/** The reviews of a filter, followed live: open ones by urgency, others by when they were decided. */
export function useReviewQueue(filter: ReviewFilter) {
  const [{ data, error, fetching }, reload] = useQuery({
    query: ReviewsDocument,
    variables: { filter, first: QUEUE_SIZE },
    requestPolicy: 'cache-and-network',
  })
  const [shown, setShown] = useState<{ base: ReviewsQuery | undefined; list: ReviewList | undefined }>({
    base: undefined,
    list: undefined,
  })
  if (shown.base !== data)
    setShown({ base: data, list: data && { reviews: data.reviews.nodes, totalCount: data.reviews.totalCount } })
  const refresh = () => reload({ requestPolicy: 'network-only' })
  useLive({
    document: ReviewsChangedDocument,
    variables: { filter },
    onEvent: ({ reviewsChanged }) =>
      setShown(({ base, list }) => ({ base, list: list && applyReviewChange(list, reviewsChanged) })),
    onGap: refresh,
  })
  const open = filter.status?.includes('OPEN') ?? false
  const list = shown.list && { ...shown.list, reviews: shown.list.reviews.toSorted(open ? byUrgency : byDecision) }
  return { list, error, fetching, refresh }
}

const byDecision = (one: Decided, other: Decided) =>
  (other.decision?.decidedAt ?? '').localeCompare(one.decision?.decidedAt ?? '')

interface Decided {
  decision?: { decidedAt: string } | null
}

import type { ChangeKind, ReviewRowFragment } from '../../gql/graphql.ts'

export interface ReviewList {
  reviews: ReviewRowFragment[]
  totalCount: number
}

/** What presses most comes first; what has no deadline comes last, oldest first. */
export function byUrgency(
  one: Pick<ReviewRowFragment, 'dueAt' | 'openedAt'>,
  other: Pick<ReviewRowFragment, 'dueAt' | 'openedAt'>,
): number {
  const due = (review: typeof one) => (review.dueAt ? Date.parse(review.dueAt) : Number.POSITIVE_INFINITY)
  const [a, b] = [due(one), due(other)]
  return a === b ? one.openedAt.localeCompare(other.openedAt) : a - b
}

/** The queue after one live change. */
export function applyReviewChange(
  list: ReviewList,
  { kind, review }: { kind: ChangeKind; review: ReviewRowFragment },
): ReviewList {
  const index = list.reviews.findIndex(({ id }) => id === review.id)
  if (kind === 'LEFT') {
    return index < 0 ? list : { reviews: list.reviews.toSpliced(index, 1), totalCount: Math.max(0, list.totalCount - 1) }
  }
  if (index >= 0) return { ...list, reviews: list.reviews.with(index, review) }
  return kind === 'ADDED' ? { reviews: [...list.reviews, review], totalCount: list.totalCount + 1 } : list
}

/** The review to go on with after one is done: the next in the queue, else the one before. */
export function nextAfter(queue: { id: string }[], id: string): string | undefined {
  const index = queue.findIndex((review) => review.id === id)
  return (queue[index + 1] ?? queue[index - 1])?.id
}

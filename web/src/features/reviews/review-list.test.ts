import { describe, expect, it } from '@jest/globals'
import type { ReviewRowFragment } from '../../gql/graphql.ts'
import { applyReviewChange, byUrgency, nextAfter, type ReviewList } from './review-list.ts'

const review = (id: string, dueAt: string | null = null, openedAt = '2026-11-23T08:00:00Z') =>
  ({ id, dueAt, openedAt }) as ReviewRowFragment
const list: ReviewList = { reviews: [review('a'), review('b')], totalCount: 2 }
const ids = ({ reviews }: ReviewList) => reviews.map(({ id }) => id).join('')

describe('the review queue', () => {
  it('puts the nearest deadline first and what has none last, the oldest before', () => {
    const queue = [
      review('none-late', null, '2026-11-23T09:00:00Z'),
      review('late', '2026-11-23T18:00:00Z'),
      review('none-early'),
      review('soon', '2026-11-23T12:00:00Z'),
    ]
    expect(queue.toSorted(byUrgency).map(({ id }) => id)).toEqual(['soon', 'late', 'none-early', 'none-late'])
  })
  it('lets go what somebody else decided', () =>
    expect(ids(applyReviewChange(list, { kind: 'LEFT', review: review('a') }))).toBe('b'))
  it('takes in what is new, once', () => {
    const grown = applyReviewChange(list, { kind: 'ADDED', review: review('c') })
    expect(applyReviewChange(grown, { kind: 'ADDED', review: review('c') })).toMatchObject({ totalCount: 3 })
    expect(ids(grown)).toBe('abc')
  })
  it('goes on with the next one, at the end with the one before', () =>
    expect([nextAfter(list.reviews, 'a'), nextAfter(list.reviews, 'b'), nextAfter([review('a')], 'a')]).toEqual([
      'b',
      'a',
      undefined,
    ]))
})

import type { Viewer } from '@signalbox/shared/viewer'
import type { Run } from '../runs/run.entity.ts'
import { ReviewStatus, type Review } from './review.entity.ts'
import { reaches, roleWords } from './review-roles.ts'

type Asked = Pick<Review, 'organizationId' | 'role' | 'selfApproval'>

/**
 * Why somebody has no right to decide a review, in a sentence that says who has; null when they have. Whether it is open, and whether
 * somebody else is at it, is another matter.
 */
export function whyNot(review: Asked, viewer: Viewer, run: Pick<Run, 'startedById'>): string | null {
  if (!viewer.scopes.has('hitl:decide')) return 'This needs the scope hitl:decide.'
  if (viewer.organizationId !== review.organizationId) return 'Switch to the organisation of this review to decide it.'
  if (review.role !== null && !reaches(viewer.role, review.role))
    return `Only ${roleWords(review.role)}s, and roles above, may decide this.`
  if (review.selfApproval) return null
  if (run.startedById === viewer.actorId) return 'You started this run; somebody else must decide.'
  // Nobody can tell whose hand moves a program.
  return viewer.actorKind === 'USER' ? null : 'Only a person who did not start this run may decide it.'
}

/** What stands in the way of deciding just now, rights aside. */
export function whyNotNow(review: Pick<Review, 'status' | 'claimedById' | 'claimedUntil'>, viewer: Viewer): string | null {
  if (review.status !== ReviewStatus.OPEN) return 'This review is no longer open.'
  return isClaimedByAnother(review, viewer) ? 'Somebody else is at it.' : null
}

export const isClaimedByAnother = (
  { claimedById, claimedUntil }: Pick<Review, 'claimedById' | 'claimedUntil'>,
  viewer: Viewer,
  now = Date.now(),
): boolean => claimedById !== null && claimedById !== viewer.actorId && (claimedUntil?.getTime() ?? 0) > now

import { ForbiddenError, NotFoundError, UnauthenticatedError } from '@signalbox/shared/errors'
import type { Revocations } from '@signalbox/shared/revocations'
import { INVALID_TOKEN, type Viewer } from '@signalbox/shared/viewer'
import type { Run } from '../runs/run.entity.ts'
import type { RunService } from '../runs/run.service.ts'
import { checkId, type Tenant, type Transaction } from '../tenant.ts'
import { Review } from './review.entity.ts'

/** What acts on reviews need. */
export interface ReviewParts {
  tenant: Tenant
  runs: RunService
  /** What ends tokens before their time; absent: nothing does. */
  revocations: Pick<Revocations, 'isRevoked'> | undefined
}

/**
 * A review and its run, locked for a change: the run's row first, as the engine does, then the review's, never the other way round. Whoever
 * waited for the lock is looked at again: a right that was taken away meanwhile is gone.
 * @throws {NotFoundError} {ForbiddenError} {UnauthenticatedError} when the token does not hold any more
 */
export async function lockReview(
  transaction: Transaction,
  { tenant, runs, revocations }: ReviewParts,
  reviewId: string,
): Promise<{ review: Review; run: Run }> {
  const id = checkId(reviewId, 'review')
  const [readable] = await transaction.query<{ run_id: string; organization_id: string }>(
    'select run_id, organization_id from workflow.reviews where id = $1',
    [id],
  )
  if (readable === undefined) throw new NotFoundError('review')
  if (readable.organization_id !== tenant.viewer.organizationId) {
    throw new ForbiddenError('Switch to the organisation of this review to change it.')
  }
  const run = await runs.lock(transaction, readable.run_id)
  const [row] = await transaction.query<object>(
    'select * from workflow.reviews where id = $1 and organization_id = $2 for update',
    [id, readable.organization_id],
  )
  checkPresent(tenant.viewer, revocations)
  return { review: transaction.em.map(Review, row!), run }
}

function checkPresent(viewer: Viewer, revocations: ReviewParts['revocations']) {
  if (revocations?.isRevoked(viewer) || viewer.expiresAt * 1_000 <= Date.now()) throw new UnauthenticatedError(INVALID_TOKEN)
}

import { actorRef } from '@signalbox/shared/actor'
import type { Audit, AuditAction } from '@signalbox/shared/audit'
import { BadUserInputError, ConflictError, ForbiddenError } from '@signalbox/shared/errors'
import type { Run } from '../runs/run.entity.ts'
import type { Transaction } from '../tenant.ts'
import { checkOpen } from './decision.ts'
import type { Review } from './review.entity.ts'
import type { DelegateReviewInput } from './review.inputs.ts'
import { lockReview, type ReviewParts } from './review-lock.ts'
import { isClaimedByAnother, whyNot } from './review-rights.ts'
import { reaches } from './review-roles.ts'

const CLAIM = '30 minutes'

/** Gives open reviews into hands: assigned, claimed for a while, released, delegated. Each change is kept. */
export class HandoverService {
  constructor(
    private readonly parts: ReviewParts,
    private readonly audit: Audit,
  ) {}

  /** Gives a review to a person, or back to everybody. */
  assign(reviewId: string, assigneeId: string | null): Promise<void> {
    checkAssignee(assigneeId, 'assigneeId')
    return this.#change(reviewId, async (transaction, review, run) => {
      await this.#handOver(transaction, review, { kind: 'ASSIGNED', to: assigneeId })
      const summary = assigneeId === null ? 'The review is open to everybody again.' : 'The review was assigned to a person.'
      await this.#tell(transaction, review, run, summary)
      await this.#keepTrail(transaction, 'review.assigned', review, { to: assigneeId })
    })
  }

  /** Hands a review to somebody else, with a word about it. Whose it is, or who may decide it, may do that. */
  delegate({ reviewId, to, comment }: DelegateReviewInput): Promise<void> {
    checkAssignee(to, 'to')
    const words = comment?.trim().replaceAll('\0', '') || null
    if ((words?.length ?? 0) > 4_000)
      throw new BadUserInputError('The comment is too long.', [
        { path: 'comment', message: 'must have at most 4,000 characters' },
      ])
    return this.#change(reviewId, async (transaction, review, run) => {
      const reason = review.assigneeId === this.#viewer.actorId ? null : whyNot(review, this.#viewer, run)
      if (reason !== null) throw new ForbiddenError(reason)
      if (to === this.#viewer.actorId)
        throw new BadUserInputError('This is you.', [{ path: 'to', message: 'must be somebody else' }])
      await this.#handOver(transaction, review, { kind: 'DELEGATED', to, comment: words })
      await this.#tell(transaction, review, run, 'The review was handed to another person.')
      await this.#keepTrail(transaction, 'review.delegated', review, { to })
    })
  }

  /** The viewer is at it: for 30 minutes nobody else decides. Doing it again makes them begin anew. */
  claim(reviewId: string): Promise<void> {
    return this.#change(reviewId, async (transaction, review, run) => {
      const { actorId, actorKind } = this.#viewer
      const reason = whyNot(review, this.#viewer, run) ?? (actorKind === 'USER' ? null : 'Only a person can be at a review.')
      if (reason !== null) throw new ForbiddenError(reason)
      if (isClaimedByAnother(review, this.#viewer))
        throw new ConflictError('Somebody else is at this review.', { claimedBy: review.claimedById })
      await transaction.query(
        `update workflow.reviews set claimed_by_id = $3, claimed_until = clock_timestamp() + interval '${CLAIM}', changed_at = clock_timestamp()
         where organization_id = $1 and id = $2`,
        [review.organizationId, review.id, actorId],
      )
      if (review.claimedById !== actorId) await this.#note(transaction, review, { kind: 'CLAIMED', to: actorId })
    })
  }

  /** Whose claim it is ends it; an owner or an agency's operator may end that of another. */
  release(reviewId: string): Promise<void> {
    return this.#change(reviewId, async (transaction, review) => {
      if (review.claimedById === null) return
      if (review.claimedById !== this.#viewer.actorId && !reaches(this.#viewer.role, 'CLIENT_OWNER'))
        throw new ForbiddenError('Only who is at it, or an owner, may release it.')
      await transaction.query(
        `update workflow.reviews set claimed_by_id = null, claimed_until = null, changed_at = clock_timestamp()
         where organization_id = $1 and id = $2`,
        [review.organizationId, review.id],
      )
      await this.#note(transaction, review, { kind: 'RELEASED', to: null })
    })
  }

  get #viewer() {
    return this.parts.tenant.viewer
  }

  async #change(reviewId: string, work: (transaction: Transaction, review: Review, run: Run) => Promise<void>) {
    const run = await this.parts.tenant.transaction(async (transaction) => {
      const { review, run } = await lockReview(transaction, this.parts, reviewId)
      checkOpen(review)
      await work(transaction, review, run)
      return run
    })
    this.parts.runs.announce(run)
  }

  /** The new holder is told by mail, unless it is who does it. */
  async #handOver(transaction: Transaction, review: Review, handover: Handover & { kind: 'ASSIGNED' | 'DELEGATED' }) {
    const { organizationId, id } = review
    await transaction.query(
      `update workflow.reviews set assignee_id = $3, claimed_by_id = null, claimed_until = null, changed_at = clock_timestamp()
       where organization_id = $1 and id = $2`,
      [organizationId, id, handover.to],
    )
    await this.#note(transaction, review, handover)
    if (handover.to === null || handover.to === this.#viewer.actorId || review.mails === 'NONE') return
    const notice = [organizationId, id, handover.kind]
    await transaction.query('insert into workflow.review_notices (organization_id, review_id, kind) values ($1, $2, $3)', notice)
  }

  async #note({ query }: Transaction, review: Review, { kind, to, comment = null }: Handover) {
    const actor = actorRef(this.#viewer)
    await query(
      `insert into workflow.review_handovers (organization_id, review_id, kind, to_id, role, comment, actor_kind, actor_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [review.organizationId, review.id, kind, to, review.role, comment, actor.kind, actor.id],
    )
  }

  #tell(transaction: Transaction, { node }: Review, run: Run, summary: string) {
    return this.parts.runs.advance(transaction, run, {}, [{ kind: 'REVIEW_ASSIGNED', status: run.status, node, summary }])
  }

  #keepTrail({ em }: Transaction, action: AuditAction, { organizationId, id, runId }: Review, details: { to: string | null }) {
    const target = { type: 'Review', id }
    return this.audit.record(em, organizationId, { action, outcome: 'ALLOWED', target, details: { ...details, runId } })
  }
}

interface Handover {
  kind: 'ASSIGNED' | 'CLAIMED' | 'RELEASED' | 'DELEGATED'
  to: string | null
  comment?: string | null
}

/** Who may be assigned is auth's to know; here it is only an id. */
function checkAssignee(id: string | null, path: string) {
  if (id !== null && !/^[\w:.@-]{1,200}$/.test(id)) {
    throw new BadUserInputError('This is not the id of a user.', [{ path, message: 'is not an id' }])
  }
}

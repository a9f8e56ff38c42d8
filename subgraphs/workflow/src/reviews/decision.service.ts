import { actorRef } from '@signalbox/shared/actor'
import type { Audit } from '@signalbox/shared/audit'
import { ConflictError, ForbiddenError } from '@signalbox/shared/errors'
import { appendEvent } from '@signalbox/shared/events/append-event'
import { toJson } from '../json.ts'
import type { Run } from '../runs/run.entity.ts'
import { RunStatus } from '../runs/run-status.ts'
import type { Transaction } from '../tenant.ts'
import { checkDecision, checkOpen, isSame, type CheckedDecision } from './decision.ts'
import { distanceOf } from './edit-distance.ts'
import { ReviewAction, ReviewStatus, type Review } from './review.entity.ts'
import type { DecideReviewInput } from './review.inputs.ts'
import { lockReview, type ReviewParts } from './review-lock.ts'
import { isClaimedByAnother, whyNot } from './review-rights.ts'
import { readVotes, writeVote, type StoredVote } from './review-votes.ts'

/** A review with what a decision of it changes; locked. */
interface Decided {
  review: Review
  run: Run
  votes: StoredVote[]
}

/** Records the one decision of each review. */
export class DecisionService {
  constructor(
    private readonly parts: ReviewParts,
    private readonly audit: Audit,
  ) {}

  /**
   * Records the decision and queues the run's resume, or changes nothing. Where several must agree, it is a vote until they do. What somebody
   * has decided already is told them again instead of refused: a second press of a button, or a repetition after a lost answer, is no
   * disagreement.
   * @returns the run, to be announced
   */
  decide(input: DecideReviewInput): Promise<Run> {
    return this.parts.tenant.transaction(async (transaction) => {
      const { review, run } = await lockReview(transaction, this.parts, input.reviewId)
      const votes = await readVotes(transaction, [review.id])
      if (this.#isRepeated(review, votes, input)) return run
      checkOpen(review)
      this.#checkRight(review, run)
      const decision = checkDecision(review, input)
      if (review.quorum > 1) await writeVote(transaction, review, this.#viewer, decision)
      if (agreeing(votes, decision, this.#viewer.actorId) < review.quorum && decision.action !== ReviewAction.REJECT)
        await this.#hold(transaction, { review, run, votes }, decision)
      else await this.#settle(transaction, { review, run, votes }, decision)
      return run
    })
  }

  get #viewer() {
    return this.parts.tenant.viewer
  }

  #isRepeated(review: Review, votes: StoredVote[], input: DecideReviewInput): boolean {
    if (review.checkpointId !== input.checkpointId) return false
    const own = votes.find(({ voterId }) => voterId === this.#viewer.actorId)
    if (review.status === ReviewStatus.OPEN) return own !== undefined && isSame(own, input)
    const { decisionAction: action, decisionValue: value } = review
    const isOwn = review.decidedById === this.#viewer.actorId || (own !== undefined && isSame(own, { action, value }))
    return review.status === ReviewStatus.DECIDED && isOwn && isSame({ action, value }, input)
  }

  #checkRight(review: Review, run: Run) {
    const reason = whyNot(review, this.#viewer, run)
    if (reason !== null) throw new ForbiddenError(reason)
    if (isClaimedByAnother(review, this.#viewer))
      throw new ConflictError('Somebody else is at this review.', { claimedBy: review.claimedById })
  }

  /** Not enough agree yet: the review stays open, and is free for the next. */
  async #hold(transaction: Transaction, { review, run, votes }: Decided, decision: CheckedDecision) {
    const agree = agreeing(votes, decision, this.#viewer.actorId)
    await transaction.query(
      `update workflow.reviews set changed_at = clock_timestamp(), claimed_by_id = null, claimed_until = null
       where organization_id = $1 and id = $2`,
      [review.organizationId, review.id],
    )
    const summary = `${agree} of ${review.quorum} people agree: ${WANTED[decision.action]}`
    await this.parts.runs.advance(transaction, run, {}, [{ kind: 'WAITING', status: run.status, node: review.node, summary }])
    await this.#keepTrail(transaction, 'review.voted', review, decision)
  }

  async #settle(transaction: Transaction, decided: Decided, decision: CheckedDecision) {
    const { review } = decided
    const activeMs = totalOf(decided.votes, decision, this.#viewer.actorId)
    const decidedAt = await this.#record(transaction, review, { ...decision, activeMs })
    await this.#resume(transaction, decided, decision, decidedAt)
    await this.#tell(transaction, decided, { ...decision, activeMs }, decidedAt)
    await transaction.query('select workflow.send_decision($1, $2)', [review.organizationId, review.id])
    await this.#keepTrail(transaction, 'review.decided', review, decision)
  }

  async #record({ query }: Transaction, review: Review, { action, value, comment, activeMs }: CheckedDecision): Promise<Date> {
    const actor = actorRef(this.#viewer)
    const [row] = await query<{ decided_at: Date }>(
      `update workflow.reviews set status = 'DECIDED', decision_action = $3, decision_value = $4, decision_comment = $5, decided_by_kind = $6,
         decided_by_id = $7, active_ms = $8, decided_at = clock_timestamp(), changed_at = clock_timestamp(), claimed_by_id = null,
         claimed_until = null
       where organization_id = $1 and id = $2 returning decided_at`,
      [review.organizationId, review.id, action, value === null ? null : toJson(value), comment, actor.kind, actor.id, activeMs],
    )
    return new Date(row!.decided_at)
  }

  /** A run that is still under way in another branch takes the answer when it stops there. */
  async #resume(transaction: Transaction, { run, review }: Decided, { action }: CheckedDecision, decidedAt: Date) {
    const { runs } = this.parts
    const waits = run.status === RunStatus.WAITING_FOR_REVIEW || run.status === RunStatus.WAITING
    const decided = {
      kind: 'REVIEW_DECIDED',
      status: waits ? 'QUEUED' : run.status,
      node: review.node,
      at: decidedAt,
      durationMs: decidedAt.getTime() - review.openedAt.getTime(),
      checkpointId: review.checkpointId,
      summary: DECIDED[action],
    }
    if (waits) await runs.requeue(transaction, run, {}, [decided])
    else await runs.advance(transaction, run, {}, [decided])
  }

  #tell({ em }: Transaction, { run, review }: Decided, { action, value, activeMs }: CheckedDecision, decidedAt: Date) {
    const edited = action === ReviewAction.EDIT || action === ReviewAction.RESPOND
    return appendEvent(em, review.organizationId, 'review.decided', {
      runId: review.runId,
      caseId: run.caseId,
      reviewId: review.id,
      action,
      decidedBy: this.#viewer.actorId,
      openedAt: review.openedAt.toISOString(),
      dueAt: review.dueAt?.toISOString() ?? null,
      decidedAt: decidedAt.toISOString(),
      activeMs,
      edited,
      editDistance: edited ? distanceOf(review.proposal, value) : 0,
    })
  }

  #keepTrail({ em }: Transaction, action: 'review.decided' | 'review.voted', review: Review, decision: CheckedDecision) {
    return this.audit.record(em, review.organizationId, {
      action,
      outcome: 'ALLOWED',
      target: { type: 'Review', id: review.id },
      details: { decision: decision.action, runId: review.runId },
    })
  }
}

/** How many want the same, the viewer included. */
const agreeing = (votes: StoredVote[], decision: CheckedDecision, viewerId: string): number =>
  votes.filter((vote) => vote.voterId !== viewerId && isSame(vote, decision)).length + 1

/** What all of them spent on it, milliseconds. */
function totalOf(votes: StoredVote[], { activeMs }: CheckedDecision, viewerId: string): number | null {
  const known = [activeMs, ...votes.filter(({ voterId }) => voterId !== viewerId).map((vote) => vote.activeMs)].filter(
    (ms) => ms !== null,
  )
  return known.length === 0 ? null : known.reduce((sum, ms) => sum + ms, 0)
}

const WANTED: Record<ReviewAction, string> = {
  APPROVE: 'go on as proposed.',
  EDIT: 'go on with a change.',
  RESPOND: 'go on with an answer of their own.',
  REJECT: 'do not go on.',
}

const DECIDED: Record<ReviewAction, string> = {
  APPROVE: 'A person approved the proposal.',
  EDIT: 'A person changed the proposal and let it go on.',
  RESPOND: 'A person answered in their own words.',
  REJECT: 'A person rejected the proposal; nothing will be sent.',
}

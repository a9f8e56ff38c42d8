import type { Audit } from '@signalbox/shared/audit'
import { decodeCursor, pageSize, toConnection } from '@signalbox/shared/connection'
import { BadUserInputError, ConflictError, ForbiddenError, NotFoundError } from '@signalbox/shared/errors'
import { isUuid } from '@signalbox/shared/ids'
import { appendEvent } from '@signalbox/shared/events/append-event'
import { actorRef } from '@signalbox/shared/actor'
import { batched, keyed } from '../batch.ts'
import { toJson } from '../json.ts'
import type { Run } from '../runs/run.entity.ts'
import { RunStatus } from '../runs/run-status.ts'
import type { RunService } from '../runs/run.service.ts'
import { checkId, type Tenant, type Transaction } from '../tenant.ts'
import type { WorkflowService } from '../workflows/workflow.service.ts'
import { checkDecision, editDistance, type CheckedDecision } from './decision.ts'
import { Review, ReviewAction, ReviewStatus } from './review.entity.ts'
import type { DecideReviewInput, ReviewFilter } from './review.inputs.ts'
import { reviewMatchQuery, reviewPageQuery } from './review.queries.ts'

/** Lists reviews and records the one decision of each. */
export class ReviewService {
  constructor(
    private readonly tenant: Tenant,
    private readonly runs: RunService,
    private readonly workflows: WorkflowService,
    private readonly audit: Audit,
  ) {}

  readonly byId = batched((ids) => this.#load(ids))
  readonly ofRun = batched((runIds) => this.#loadOfRuns(runIds))

  /** @throws {NotFoundError} for an unknown id and for another organisation's alike */
  async find(id: string): Promise<Review> {
    const review = await this.byId(checkId(id, 'review'))
    if (review === undefined) throw new NotFoundError('review')
    return review
  }

  async list(given: ReviewFilter, first: number | null, after: string | null) {
    const size = pageSize(first)
    const readable = this.tenant.viewer.organizationIds
    const filter =
      given.workflow == null ? given : Object.assign({}, given, { workflow: await this.workflows.resolve(given.workflow) })
    const page = reviewPageQuery(
      readable,
      filter,
      size + 1,
      after === null ? undefined : checkId(decodeCursor<string>(after), 'page'),
    )
    const rows = await this.tenant.transaction(async ({ em, query }) =>
      (await query<object>(page.sql, page.parameters)).map((row) => em.map(Review, row)),
    )
    const count = async () => {
      const { where, parameters } = reviewMatchQuery(readable, filter)
      return (
        await this.tenant.transaction(({ query }) => query<{ n: number }>(`select count(*)::int as n ${where}`, parameters))
      )[0]!.n
    }
    return toConnection(rows, size, (review) => review.id, count, after !== null)
  }

  /** Records the one decision of a review and queues its run's resume, or changes nothing. */
  async decide(input: DecideReviewInput): Promise<{ review: Review; run: Run }> {
    const run = await this.tenant.transaction(async (transaction) => {
      const { review, run } = await this.#lock(transaction, input.reviewId)
      const decision = checkDecision(review, input)
      const decidedAt = await this.#record(transaction, review, decision)
      await this.#resume(transaction, run, review, decision, decidedAt)
      await this.#tell(transaction, run, review, decision, decidedAt)
      await this.audit.record(transaction.em, review.organizationId, {
        action: 'review.decided',
        outcome: 'ALLOWED',
        target: { type: 'Review', id: review.id },
        details: { decision: decision.action, runId: run.id },
      })
      return run
    })
    this.runs.announce(run, true)
    const [review, decided] = await Promise.all([this.find(input.reviewId), this.runs.find(run.id)])
    return { review, run: decided }
  }

  /** Gives an open review to a person, or back to everybody. */
  async assign(reviewId: string, assigneeId: string | null): Promise<Review> {
    checkAssignee(assigneeId)
    const run = await this.tenant.transaction(async (transaction) => {
      const { review, run } = await this.#lock(transaction, reviewId)
      if (review.status !== ReviewStatus.OPEN)
        throw new ConflictError('This review is no longer open.', { status: review.status })
      await transaction.query(
        'update workflow.reviews set assignee_id = $3, changed_at = clock_timestamp() where organization_id = $1 and id = $2',
        [review.organizationId, review.id, assigneeId],
      )
      const summary = assigneeId === null ? 'The review is open to everybody again.' : 'The review was assigned to a person.'
      await this.runs.advance(transaction, run, {}, [{ kind: 'REVIEW_ASSIGNED', status: run.status, node: review.node, summary }])
      return run
    })
    this.runs.announce(run)
    return this.find(reviewId)
  }

  /** The run's row is locked first, as the engine does, then the review's: never the other way round. */
  async #lock(transaction: Transaction, reviewId: string): Promise<{ review: Review; run: Run }> {
    const where = [checkId(reviewId, 'review')]
    const [readable] = await transaction.query<{ run_id: string; organization_id: string }>(
      'select run_id, organization_id from workflow.reviews where id = $1',
      where,
    )
    if (readable === undefined) throw new NotFoundError('review')
    if (readable.organization_id !== this.tenant.viewer.organizationId) {
      throw new ForbiddenError('Switch to the organisation of this review to change it.')
    }
    const run = await this.runs.lock(transaction, readable.run_id)
    const [row] = await transaction.query<object>(
      'select * from workflow.reviews where id = $1 and organization_id = $2 for update',
      [...where, readable.organization_id],
    )
    return { review: transaction.em.map(Review, row!), run }
  }

  async #record({ query }: Transaction, review: Review, { action, value, comment, activeMs }: CheckedDecision): Promise<Date> {
    const actor = actorRef(this.tenant.viewer)
    const [row] = await query<{ decided_at: Date }>(
      `update workflow.reviews set status = 'DECIDED', decision_action = $3, decision_value = $4, decision_comment = $5, decided_by_kind = $6,
         decided_by_id = $7, active_ms = $8, decided_at = clock_timestamp(), changed_at = clock_timestamp()
       where organization_id = $1 and id = $2 returning decided_at`,
      [review.organizationId, review.id, action, value === null ? null : toJson(value), comment, actor.kind, actor.id, activeMs],
    )
    return new Date(row!.decided_at)
  }

  /** A run that is still under way in another branch takes the answer when it stops there. */
  async #resume(transaction: Transaction, run: Run, review: Review, { action }: CheckedDecision, decidedAt: Date) {
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
    if (waits) await this.runs.requeue(transaction, run, {}, [decided])
    else await this.runs.advance(transaction, run, {}, [decided])
  }

  #tell({ em }: Transaction, { caseId }: Run, review: Review, { action, value, activeMs }: CheckedDecision, decidedAt: Date) {
    const edited = action === ReviewAction.EDIT || action === ReviewAction.RESPOND
    const proposed = replyIn(review.proposal) ?? ''
    return appendEvent(em, review.organizationId, 'review.decided', {
      runId: review.runId,
      caseId,
      reviewId: review.id,
      action,
      decidedBy: this.tenant.viewer.actorId,
      openedAt: review.openedAt.toISOString(),
      dueAt: review.dueAt?.toISOString() ?? null,
      decidedAt: decidedAt.toISOString(),
      activeMs,
      edited,
      editDistance: edited ? editDistance(proposed, replyIn(value) ?? proposed) : 0,
    })
  }

  async #load(ids: string[]): Promise<Map<string, Review>> {
    return keyed(await this.tenant.transaction(({ em }) => em.find(Review, { id: { $in: ids.filter(isUuid) } })), 'id')
  }

  async #loadOfRuns(runIds: string[]): Promise<Map<string, Review[]>> {
    const rows = await this.tenant.transaction(({ em }) =>
      em.find(Review, { runId: { $in: runIds } }, { orderBy: { id: 'asc' } }),
    )
    return Map.groupBy(rows, (review) => review.runId)
  }
}

/** Who may be assigned is auth's to know; here it is only an id. */
function checkAssignee(assigneeId: string | null) {
  if (assigneeId !== null && !/^[\w:.@-]{1,200}$/.test(assigneeId)) {
    throw new BadUserInputError('This is not the id of a user.', [{ path: 'assigneeId', message: 'is not an id' }])
  }
}

const replyIn = (value: Record<string, unknown> | null) => (typeof value?.['reply'] === 'string' ? value['reply'] : undefined)

const DECIDED: Record<ReviewAction, string> = {
  APPROVE: 'A person approved the proposal.',
  EDIT: 'A person changed the proposal and let it go on.',
  RESPOND: 'A person answered in their own words.',
  REJECT: 'A person rejected the proposal; nothing will be sent.',
}

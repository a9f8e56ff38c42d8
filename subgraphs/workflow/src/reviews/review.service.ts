import type { Audit } from '@signalbox/shared/audit'
import { decodeCursor, pageSize, toConnection } from '@signalbox/shared/connection'
import { AppError, BadUserInputError, NotFoundError } from '@signalbox/shared/errors'
import { isUuid } from '@signalbox/shared/ids'
import type { Logger } from '@signalbox/shared/logger'
import { batched, keyed } from '../batch.ts'
import type { Run } from '../runs/run.entity.ts'
import type { RunService } from '../runs/run.service.ts'
import { checkId, type Tenant } from '../tenant.ts'
import type { WorkflowService } from '../workflows/workflow.service.ts'
import { DecisionService } from './decision.service.ts'
import { HandoverService } from './handover.service.ts'
import { Review } from './review.entity.ts'
import type { DecideReviewInput, DelegateReviewInput, ReviewFilter, ReviewOutcome } from './review.inputs.ts'
import type { ReviewParts } from './review-lock.ts'
import { reviewMatchQuery, reviewPageQuery } from './review.queries.ts'
import { whyNot, whyNotNow } from './review-rights.ts'
import type { ReviewRight } from './review-trail.types.ts'

export interface ReviewServiceParts {
  tenant: Tenant
  runs: RunService
  workflows: WorkflowService
  audit: Audit
  revocations: ReviewParts['revocations']
  log: Logger
}

const MAX_BATCH = 100

/** Lists reviews, and what people do with them. */
export class ReviewService {
  readonly #decisions: DecisionService
  readonly #handovers: HandoverService

  constructor(private readonly parts: ReviewServiceParts) {
    this.#decisions = new DecisionService(parts, parts.audit)
    this.#handovers = new HandoverService(parts, parts.audit)
  }

  readonly byId = batched((ids) => this.#load(ids))
  readonly ofRun = batched((runIds) => this.#loadOfRuns(runIds))

  /** @throws {NotFoundError} for an unknown id and for another organisation's alike */
  async find(id: string): Promise<Review> {
    const review = await this.byId(checkId(id, 'review'))
    if (review === undefined) throw new NotFoundError('review')
    return review
  }

  async list(given: ReviewFilter, first: number | null, after: string | null) {
    const { tenant, workflows } = this.parts
    const size = pageSize(first)
    const filter =
      given.workflow == null ? given : Object.assign({}, given, { workflow: await workflows.resolve(given.workflow) })
    const page = reviewPageQuery(
      tenant.viewer,
      filter,
      size + 1,
      after === null ? undefined : checkId(decodeCursor<string>(after), 'page'),
    )
    const rows = await tenant.transaction(async ({ em, query }) =>
      (await query<object>(page.sql, page.parameters)).map((row) => em.map(Review, row)),
    )
    const count = async () => {
      const { where, parameters } = reviewMatchQuery(tenant.viewer, filter)
      return (await tenant.transaction(({ query }) => query<{ n: number }>(`select count(*)::int as n ${where}`, parameters)))[0]!
        .n
    }
    return toConnection(rows, size, (review) => review.id, count, after !== null)
  }

  /** Records the one decision of a review, or one vote for it, and queues its run's resume, or changes nothing. */
  async decide(input: DecideReviewInput): Promise<{ review: Review; run: Run }> {
    const { runs } = this.parts
    const run = await this.#decisions.decide(input)
    runs.announce(run, true)
    const [review, decided] = await Promise.all([this.find(input.reviewId), runs.find(run.id)])
    return { review, run: decided }
  }

  /** Each by itself, in their order: one that is refused leaves the others as they are. */
  async decideMany(inputs: DecideReviewInput[]): Promise<ReviewOutcome[]> {
    if (inputs.length === 0 || inputs.length > MAX_BATCH) {
      throw new BadUserInputError(`Give 1 to ${MAX_BATCH} decisions.`, [{ path: 'decisions', message: `1 to ${MAX_BATCH}` }])
    }
    const outcomes: ReviewOutcome[] = []
    for (const input of inputs) {
      const { reviewId } = input
      const outcome = await this.decide(input).catch((error: unknown) => ({ fault: this.#faultOf(error) }))
      outcomes.push({ reviewId, review: null, run: null, fault: null, ...outcome })
    }
    return outcomes
  }

  async assign(reviewId: string, assigneeId: string | null): Promise<Review> {
    await this.#handovers.assign(reviewId, assigneeId)
    return this.find(reviewId)
  }

  async delegate(input: DelegateReviewInput): Promise<Review> {
    await this.#handovers.delegate(input)
    return this.find(input.reviewId)
  }

  async claim(reviewId: string): Promise<Review> {
    await this.#handovers.claim(reviewId)
    return this.find(reviewId)
  }

  async release(reviewId: string): Promise<Review> {
    await this.#handovers.release(reviewId)
    return this.find(reviewId)
  }

  /** Whether the viewer may decide it now. */
  async rightTo(review: Review): Promise<ReviewRight> {
    const { tenant, runs } = this.parts
    const reason = whyNotNow(review, tenant.viewer) ?? whyNot(review, tenant.viewer, await runs.find(review.runId))
    return { allowed: reason === null, reason }
  }

  #faultOf(error: unknown) {
    if (error instanceof AppError)
      return { code: error.code, message: error.message, current: error.extensions['current'] ?? null }
    this.parts.log.error({ err: error }, 'a decision among several failed')
    return { code: 'INTERNAL', message: 'Something went wrong on our side. This review was not changed.', current: null }
  }

  async #load(ids: string[]): Promise<Map<string, Review>> {
    const { tenant } = this.parts
    return keyed(await tenant.transaction(({ em }) => em.find(Review, { id: { $in: ids.filter(isUuid) } })), 'id')
  }

  async #loadOfRuns(runIds: string[]): Promise<Map<string, Review[]>> {
    const rows = await this.parts.tenant.transaction(({ em }) =>
      em.find(Review, { runId: { $in: runIds } }, { orderBy: { id: 'asc' } }),
    )
    return Map.groupBy(rows, (review) => review.runId)
  }
}

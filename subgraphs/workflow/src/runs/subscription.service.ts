import { decodeCursor } from '@signalbox/shared/connection'
import { BadUserInputError, ForbiddenError } from '@signalbox/shared/errors'
import type { Logger } from '@signalbox/shared/logger'
import { ChangeStream } from '../engine/change-stream.ts'
import type { LiveFeed } from '../engine/live-feed.ts'
import { ReviewChanges } from '../reviews/review-changes.ts'
import type { ReviewFilter } from '../reviews/review.inputs.ts'
import type { Tenant } from '../tenant.ts'
import type { WorkflowService } from '../workflows/workflow.service.ts'
import type { ReviewChange, RunChange } from './change.ts'
import { RunChanges } from './run-changes.ts'
import type { RunTransition } from './run-transition.entity.ts'
import type { RunFilter } from './run.inputs.ts'
import type { RunService } from './run.service.ts'

/** Opens subscriptions; the caller's rights are checked here, before the first event. */
export class SubscriptionService {
  constructor(
    private readonly tenant: Tenant,
    private readonly runs: RunService,
    private readonly workflows: WorkflowService,
    private readonly feed: LiveFeed,
    private readonly log: Logger,
  ) {}

  /** @throws {NotFoundError} for an unknown run and for another organisation's alike */
  async runTransitions(runId: string, after: number): Promise<AsyncIterableIterator<RunTransition>> {
    this.#mayRead()
    if (after < 0)
      throw new BadUserInputError('`after` is a sequence number.', [{ path: 'after', message: 'must not be negative' }])
    const run = await this.runs.find(runId)
    return this.feed.subscribe(run.organizationId, run.id, after)
  }

  async runsChanged(filter: RunFilter, after: string | null): Promise<AsyncIterableIterator<RunChange>> {
    this.#mayRead()
    const resolved = await this.#resolved(filter)
    return this.#stream(new RunChanges(this.tenant, resolved), after)
  }

  async reviewsChanged(filter: ReviewFilter, after: string | null): Promise<AsyncIterableIterator<ReviewChange>> {
    this.#mayRead()
    const resolved = await this.#resolved(filter)
    return this.#stream(new ReviewChanges(this.tenant, resolved), after)
  }

  /** Slugs as ids. */
  async #resolved<F extends { workflow?: string[] | null }>(filter: F): Promise<F> {
    return filter.workflow == null
      ? filter
      : Object.assign({}, filter, { workflow: await this.workflows.resolve(filter.workflow) })
  }

  async #stream<T>(source: ConstructorParameters<typeof ChangeStream<T>>[2], after: string | null) {
    const position = after === null ? await this.#now() : positionOf(after)
    const organizations = new Set(this.tenant.viewer.organizationIds)
    return new ChangeStream<T>(this.feed, organizations, source, position, (error) =>
      this.log.warn({ err: error }, 'could not read what changed; the poll tries again'),
    )
  }

  async #now(): Promise<string> {
    const [row] = await this.tenant.transaction(({ query }) => query<{ now: string }>('select clock_timestamp()::text as now'))
    return row!.now
  }

  #mayRead() {
    if (!this.tenant.viewer.scopes.has('wrm:read')) throw new ForbiddenError('This needs the scope wrm:read.')
  }
}

function positionOf(cursor: string): string {
  const position = decodeCursor<unknown>(cursor)
  if (typeof position !== 'string' || Number.isNaN(Date.parse(position))) {
    throw new BadUserInputError('The cursor is not one that this list gave.', [
      { path: 'after', message: 'not a cursor of this list' },
    ])
  }
  return position
}

import { encodeCursor } from '@signalbox/shared/connection'
import type { ChangePage, ChangeSource } from '../engine/change-stream.ts'
import { ChangeKind, type ReviewChange } from '../runs/change.ts'
import { organizationsOf } from '../runs/run.queries.ts'
import { later } from '../runs/run-changes.ts'
import type { Tenant, Transaction } from '../tenant.ts'
import { Review, ReviewStatus } from './review.entity.ts'
import type { ReviewFilter } from './review.inputs.ts'
import { reviewMatchQuery } from './review.queries.ts'

type ReviewRow = Record<string, unknown> & { id: string; changed: string; fresh: boolean }

const PAGE = 500
const OVERLAP = '2 seconds'
const FORGET_ROWS = 20_000

/** Which reviews entered, changed in, or left a filtered list. */
export class ReviewChanges implements ChangeSource<ReviewChange> {
  /** When each recently changed review was last told, and whether it was in the list. */
  readonly #told = new Map<string, { changed: string; matched: boolean }>()

  constructor(
    private readonly tenant: Tenant,
    private readonly filter: ReviewFilter,
  ) {}

  read(since: string, overlap: boolean): Promise<ChangePage<ReviewChange>> {
    // What moved and what matches must be of one moment, or a review enters twice.
    return this.tenant.snapshot(async (transaction) => {
      const rows = await this.#changed(transaction, since, overlap)
      const unseen = rows.filter((row) => this.#told.get(row.id)?.changed !== row.changed)
      const matching = unseen.length === 0 ? new Set<string>() : await this.#matching(transaction, unseen)
      const changes = unseen.flatMap((row) => this.#change(transaction, row, matching.has(row.id)))
      return { changes, position: later(since, rows.at(-1)?.changed), full: rows.length === PAGE }
    })
  }

  #changed({ query }: Transaction, since: string, overlap: boolean): Promise<ReviewRow[]> {
    return query<ReviewRow>(
      `select v.*, v.changed_at::text as changed, v.opened_at > $2::timestamptz as fresh from unnest($1::uuid[]) as o (id)
       cross join lateral (
         select * from workflow.reviews
         where organization_id = o.id and changed_at > $2::timestamptz ${overlap ? `- interval '${OVERLAP}'` : ''} order by changed_at limit $3
       ) v order by v.changed_at limit $3`,
      [organizationsOf(this.tenant.viewer.organizationIds, this.filter), since, PAGE],
    )
  }

  async #matching({ query }: Transaction, rows: ReviewRow[]): Promise<Set<string>> {
    const ids = rows.map((row) => row.id)
    const { where, parameters } = reviewMatchQuery(this.tenant.viewer, this.filter, ids)
    return new Set((await query<{ id: string }>(`select v.id ${where}`, parameters)).map((row) => row.id))
  }

  #change({ em }: Transaction, { changed, fresh, ...row }: ReviewRow, matches: boolean): ReviewChange[] {
    const was = this.#told.get(row.id)?.matched ?? (!fresh && this.#wasOpen())
    this.#told.delete(row.id)
    this.#told.set(row.id, { changed, matched: matches })
    if (this.#told.size > FORGET_ROWS) this.#told.delete(this.#told.keys().next().value!)
    if (!was && !matches) return []
    const kind = matches ? (was ? ChangeKind.UPDATED : ChangeKind.ADDED) : ChangeKind.LEFT
    return [{ cursor: encodeCursor(changed), kind, review: em.map(Review, row) }]
  }

  /** A review that changes was open before; whether such a one may have been in the list. */
  #wasOpen(): boolean {
    return !this.filter.status?.length || this.filter.status.includes(ReviewStatus.OPEN)
  }
}

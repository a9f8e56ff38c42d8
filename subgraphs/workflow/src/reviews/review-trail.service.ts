import { actorOf, User } from '@signalbox/shared/actor'
import { batched } from '../batch.ts'
import type { Tenant } from '../tenant.ts'
import type { DeliveryStatus, HandoverKind, ReviewDelivery, ReviewHandover, ReviewVote } from './review-trail.types.ts'
import { readVotes } from './review-votes.ts'

interface HandoverRow {
  id: string
  review_id: string
  kind: HandoverKind
  to_id: string | null
  role: string | null
  comment: string | null
  actor_kind: string
  actor_id: string
  at: Date | string
}

interface DeliveryRow {
  id: string
  review_id: string
  url: string
  status: DeliveryStatus
  attempts: number
  due_at: Date | string
  http_status: number | null
  fault: string | null
  created_at: Date | string
  settled_at: Date | string | null
}

/** What happened to reviews: votes, changes of hands, deliveries; by review, oldest first. */
export class ReviewTrailService {
  constructor(private readonly tenant: Tenant) {}

  readonly votesOf = batched<ReviewVote[]>(async (ids) => {
    const votes = await this.tenant.transaction((transaction) => readVotes(transaction, ids))
    return groupedBy(votes, 'reviewId', ({ voterKind, voterId, action, value, comment, votedAt }) => ({
      voter: actorOf(voterKind, voterId),
      action,
      value,
      comment,
      votedAt,
    }))
  })

  readonly handoversOf = batched<ReviewHandover[]>(async (ids) =>
    groupedBy(await this.#rowsOf<HandoverRow>('review_handovers', ids), 'review_id', (row) => ({
      id: row.id,
      kind: row.kind,
      to: row.to_id === null ? null : Object.assign(new User(), { id: row.to_id }),
      role: row.role,
      comment: row.comment,
      actor: actorOf(row.actor_kind, row.actor_id),
      at: new Date(row.at),
    })),
  )

  readonly deliveriesOf = batched<ReviewDelivery[]>(async (ids) =>
    groupedBy(await this.#rowsOf<DeliveryRow>('review_deliveries', ids), 'review_id', (row) => ({
      id: row.id,
      host: new URL(row.url).host,
      status: row.status,
      attempts: row.attempts,
      httpStatus: row.http_status,
      fault: row.fault,
      createdAt: new Date(row.created_at),
      nextAt: row.settled_at === null ? new Date(row.due_at) : null,
      settledAt: row.settled_at === null ? null : new Date(row.settled_at),
    })),
  )

  #rowsOf<R>(table: 'review_handovers' | 'review_deliveries', ids: string[]): Promise<R[]> {
    return this.tenant.transaction(({ query }) =>
      query<R>(`select * from workflow.${table} where review_id = any ($1::uuid[]) order by id`, [ids]),
    )
  }
}

function groupedBy<R, K extends keyof R, T>(rows: R[], key: K, to: (row: R) => T): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const id = String(row[key])
    groups.set(id, [...(groups.get(id) ?? []), to(row)])
  }
  return groups
}

import { actorRef } from '@signalbox/shared/actor'
import type { Viewer } from '@signalbox/shared/viewer'
import { toJson } from '../json.ts'
import type { Transaction } from '../tenant.ts'
import type { CheckedDecision } from './decision.ts'
import type { Review, ReviewAction } from './review.entity.ts'

export interface StoredVote {
  reviewId: string
  voterKind: string
  voterId: string
  action: ReviewAction
  value: Record<string, unknown> | null
  comment: string | null
  activeMs: number | null
  votedAt: Date
}

interface VoteRow {
  review_id: string
  voter_kind: string
  voter_id: string
  action: ReviewAction
  value: Record<string, unknown> | null
  comment: string | null
  active_ms: number | null
  voted_at: Date | string
}

/** The votes on some reviews, oldest first. */
export async function readVotes({ query }: Transaction, reviewIds: string[]): Promise<StoredVote[]> {
  const rows = await query<VoteRow>('select * from workflow.review_votes where review_id = any ($1::uuid[]) order by voted_at', [
    reviewIds,
  ])
  return rows.map((row) => ({
    reviewId: row.review_id,
    voterKind: row.voter_kind,
    voterId: row.voter_id,
    action: row.action,
    value: row.value,
    comment: row.comment,
    activeMs: row.active_ms,
    votedAt: new Date(row.voted_at),
  }))
}

/** What the viewer wants now; it takes the place of what they wanted before, so that each counts once. */
export async function writeVote(
  { query }: Transaction,
  { organizationId, id }: Review,
  viewer: Viewer,
  { action, value, comment, activeMs }: CheckedDecision,
): Promise<void> {
  const actor = actorRef(viewer)
  await query(
    `insert into workflow.review_votes (organization_id, review_id, voter_kind, voter_id, action, value, comment, active_ms)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (organization_id, review_id, voter_id) do update set action = excluded.action, value = excluded.value,
       comment = excluded.comment, active_ms = excluded.active_ms, voted_at = excluded.voted_at`,
    [organizationId, id, actor.kind, actor.id, action, value === null ? null : toJson(value), comment, activeMs],
  )
}

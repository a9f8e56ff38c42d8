import type { Pool } from 'pg'
import type { ClockTask } from '../clock.ts'
import { noticeMail, type Notice } from './notice-mail.ts'

interface NoticeRow {
  organization_id: string
  id: string
  kind: Notice['kind']
  review_id: string
  question: string
  workflow: string
  assignee_id: string | null
  role: string | null
  due_at: Date | null
  expires_at: Date | null
  expiry_action: Notice['expiryAction']
  comment: string | null
}

const AT_ONCE = 100

/** Asks auth for the mails that tell of reviews, each once: it is claimed and asked for in one transaction, under a key of its own. */
export const reviewNotices = (pool: Pick<Pool, 'connect'>, publicUrl: string, everyMs: number): ClockTask => ({
  name: 'mails about reviews',
  everyMs,
  async run() {
    for (let taken = AT_ONCE; taken === AT_ONCE;) taken = await ask(pool, publicUrl)
  },
})

async function ask(pool: Pick<Pool, 'connect'>, publicUrl: string): Promise<number> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const { rows } = await client.query<NoticeRow>('select * from workflow.take_review_notices($1)', [AT_ONCE])
    for (const row of rows) {
      const mail = noticeMail(noticeOf(row), publicUrl)
      await client.query(`select set_config('app.organization', $1::text, true)`, [row.organization_id])
      await client.query('select events.notify($1, $2, $3)', [row.organization_id, `review-notice:${row.id}`, mail])
    }
    await client.query('commit')
    return rows.length
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}

const noticeOf = (row: NoticeRow): Notice => ({
  kind: row.kind,
  reviewId: row.review_id,
  question: row.question,
  workflow: row.workflow,
  assigneeId: row.assignee_id,
  role: row.role,
  dueAt: row.due_at,
  expiresAt: row.expires_at,
  expiryAction: row.expiry_action,
  comment: row.comment,
})

export interface Notice {
  kind: 'OPENED' | 'ASSIGNED' | 'DELEGATED' | 'REMINDED' | 'ESCALATED'
  reviewId: string
  question: string
  workflow: string
  assigneeId: string | null
  role: string | null
  dueAt: Date | null
  expiresAt: Date | null
  expiryAction: 'APPROVE' | 'REJECT' | 'FAIL' | null
  comment: string | null
}

/** What auth is asked to send (`events.notify`): to one person, or to all members who may decide, of a role and above. */
export interface NoticeMail {
  to: { userId: string } | { scope: 'hitl:decide'; role: string | null }
  subject: string
  text: string
}

const SUBJECTS: Record<Notice['kind'], string> = {
  OPENED: 'A decision waits for you',
  ASSIGNED: 'A decision was given to you',
  DELEGATED: 'A decision was handed to you',
  REMINDED: 'Reminder: a decision waits for you',
  ESCALATED: 'A decision was passed on to you: nobody has decided yet',
}

const EXPIRIES = {
  APPROVE: 'it goes on as proposed',
  REJECT: 'it counts as rejected',
  FAIL: 'the run fails',
}

/** The mail about a review. It holds the question and no more of the case: what it is about is behind the sign-in. */
export function noticeMail(notice: Notice, publicUrl: string): NoticeMail {
  const { kind, reviewId, question, workflow, assigneeId, role, dueAt, expiresAt, expiryAction, comment } = notice
  const parts = [
    `${workflow} asks: ${question}`,
    comment === null ? null : `"${comment}"`,
    dueAt === null ? null : `It is due by ${timeOf(dueAt)}.`,
    expiresAt === null || expiryAction === null ? null : `If nobody decides by ${timeOf(expiresAt)}, ${EXPIRIES[expiryAction]}.`,
    `Decide here: ${publicUrl.replace(/\/$/, '')}/reviews/${reviewId}`,
  ]
  return {
    to: assigneeId === null ? { scope: 'hitl:decide', role } : { userId: assigneeId },
    subject: `${SUBJECTS[kind]} (${workflow})`.replaceAll(/\s+/g, ' '),
    text: parts.filter((part) => part !== null).join('\n\n'),
  }
}

/** `25 November 2026, 14:05 UTC`. */
const timeOf = (at: Date) =>
  `${at.toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).replace(' at ', ', ')} UTC`

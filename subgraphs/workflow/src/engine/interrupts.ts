import type { KnowledgeHit } from '../knowledge/knowledge-hit.ts'
import type { TransitionDraft } from './flusher.ts'

/** What a step that asks a person hands to LangGraph's `interrupt`: everything that the review's row needs. */
export interface ReviewRequest {
  type: 'review'
  node: string
  /** Tells the questions of one step apart, which share LangGraph's id: which effect, and its which try. */
  doubt?: string
  /** The transition's sentence; null when the question was told before. */
  summary: string | null
  question: string
  proposal: Record<string, unknown>
  evidence: KnowledgeHit[]
  confidence: number | null
  allowedActions: string[]
  responseSchema: Record<string, unknown> | null
  assignee: string | null
  /** From when it opens, by the database's clock, as all that follows. */
  dueHours: number
  /** Who may decide; anybody with the right to unless given. */
  role?: string | null
  /** How many must agree; one unless given. */
  quorum?: number
  selfApproval?: boolean
  /** What would be done outside, and what stands now. */
  effect?: unknown
  before?: unknown
  /** Hours before it is due. */
  remindHours?: number[]
  escalations?: { afterHours: number; role?: string | undefined; assignee?: string | undefined }[]
  onExpiry?: { afterHours: number; action: 'APPROVE' | 'REJECT' | 'FAIL' } | null
  /** Of what a mail is sent; of nothing unless given. LATER: reminders and escalations. */
  mails?: 'ALL' | 'LATER' | 'NONE'
  /** Where n8n waits for the decision. */
  resumeUrl?: string | null
}

/** What a step that waits for a time, an event or another run hands to it. */
export interface WaitRequest {
  type: 'wait'
  node: string
  /** As of a review. */
  doubt?: string
  summary: string | null
  kind: 'TIME' | 'EVENT' | 'RUN'
  /** ISO 8601: when a TIME ends, when an EVENT is given up. */
  wakeAt?: string | null
  eventName?: string
  eventKey?: string
  childRunId?: string
}

/** What resumes a review: its decision. EXPIRE: nobody decided in time. */
export interface ReviewAnswer {
  reviewId: string
  action: 'APPROVE' | 'EDIT' | 'RESPOND' | 'REJECT' | 'EXPIRE'
  value: Record<string, unknown> | null
  comment: string | null
  /** An id; null when no person decided. */
  decidedBy: string | null
}

/** What resumes a wait for a time or an event. */
export interface WaitAnswer {
  timedOut: boolean
  payload: unknown
}

/** What resumes a wait for another run. */
export interface ChildAnswer {
  runId: string
  status: string
  output: unknown
  failure: { reason?: string } | null
}

export interface InterruptValue {
  id: string
  value: ReviewRequest | WaitRequest
}

/** Stands in the ids of questions about effects, between LangGraph's own and which one it is. */
export const DOUBT = '/'

/** The row that opens, and the transition that tells of it. @param known ids of the questions that stand already: a step that runs again */
export function openingOf(
  { id, value: { type, summary: given, ...request } }: InterruptValue,
  checkpointId: string,
  known: string[],
) {
  const interruptId = 'doubt' in request ? `${id}${DOUBT}${request.doubt}` : id
  const row = { ...request, interruptId, checkpointId }
  const summary = known.includes(interruptId) ? null : given
  const kind = type === 'review' ? 'REVIEW_REQUESTED' : 'WAITING'
  const transition: TransitionDraft | null =
    summary === null ? null : { kind, status: 'RUNNING', node: request.node, summary, checkpointId }
  return type === 'review' ? { transition, review: row } : { transition, wait: row }
}

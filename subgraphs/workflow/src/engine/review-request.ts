import type { KnowledgeHit } from '../knowledge/knowledge-hit.ts'

/** What the review step hands to LangGraph's `interrupt`: everything that the review's row needs. */
export interface ReviewRequest {
  node: string
  /** The transition's sentence. */
  summary: string
  question: string
  proposal: Record<string, unknown>
  evidence: KnowledgeHit[]
  confidence: number | null
  allowedActions: string[]
  responseSchema: Record<string, unknown>
  /** Hours until it is due. */
  dueHours: number
}

export interface InterruptValue {
  id: string
  value: ReviewRequest
}

/** What resumes it: the decision's row. */
export interface ReviewAnswer {
  reviewId: string
  action: 'APPROVE' | 'EDIT' | 'RESPOND' | 'REJECT'
  value: { intent?: string; reply?: string } | null
  comment: string | null
}

export function reviewOf({ id, value }: InterruptValue, checkpointId: string): Record<string, unknown> {
  const { summary: _summary, dueHours, ...request } = value
  return { ...request, interruptId: id, checkpointId, dueAt: new Date(Date.now() + dueHours * 3_600_000) }
}

import { BadUserInputError, ConflictError, PreconditionFailedError, type FieldFault } from '@signalbox/shared/errors'
import { faultsOf } from '../runs/input-check.ts'
import { ReviewAction, ReviewStatus, type Review } from './review.entity.ts'
import type { DecideReviewInput } from './review.inputs.ts'

export interface CheckedDecision {
  action: ReviewAction
  value: Record<string, unknown> | null
  comment: string | null
  activeMs: number | null
}

/**
 * @throws {ConflictError} with the decision that stands; {PreconditionFailedError} when the caller looked at another state;
 * {BadUserInputError} when the action is not offered or the value does not fit it
 */
export function checkDecision(review: Review, input: DecideReviewInput): CheckedDecision {
  if (review.status !== ReviewStatus.OPEN) {
    throw new ConflictError('This review is no longer open.', standing(review))
  }
  if (review.checkpointId !== input.checkpointId) {
    throw new PreconditionFailedError('The run has moved on since you looked at it.', { checkpointId: review.checkpointId })
  }
  const faults = valueFaults(review, input)
  if (!review.allowedActions.includes(input.action))
    faults.push({ path: 'action', message: `must be one of ${review.allowedActions.join(', ')}` })
  if ((input.comment?.length ?? 0) > 4_000) faults.push({ path: 'comment', message: 'must have at most 4,000 characters' })
  if (input.activeMs != null && !(input.activeMs >= 0)) faults.push({ path: 'activeMs', message: 'must not be negative' })
  if (faults.length > 0) throw new BadUserInputError('The decision does not fit this review.', faults)
  return {
    action: input.action,
    value: (input.value ?? null) as Record<string, unknown> | null,
    comment: input.comment?.trim().replaceAll('\0', '') || null,
    activeMs: input.activeMs ?? null,
  }
}

/** What a late decider is shown: the first decision, or how else the review ended. */
function standing({ status, decision }: Review) {
  if (decision === null) return { status, decision }
  const { action, value, comment, decidedBy, decidedAt } = decision
  return {
    status,
    decision: {
      action,
      value,
      comment,
      decidedAt,
      decidedBy: decidedBy && { __typename: decidedBy.__typename, id: decidedBy.id },
    },
  }
}

function valueFaults(review: Review, { action, value }: DecideReviewInput): FieldFault[] {
  if (action === ReviewAction.APPROVE || action === ReviewAction.REJECT) {
    return value == null ? [] : [{ path: 'value', message: `must be left out for ${action}` }]
  }
  const schema = review.responseSchema ?? { type: 'object' }
  return faultsOf(
    action === ReviewAction.EDIT ? { ...schema, minProperties: 1 } : { ...schema, required: ['reply'] },
    value ?? null,
    'value',
  )
}

/** Levenshtein distance ÷ the longer length, 0 (same) to 1; long texts are compared by their first 2,000 characters. */
export function editDistance(before: string, after: string): number {
  const [a, b] = [before.slice(0, 2_000), after.slice(0, 2_000)]
  if (a === b) return 0
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const substitution = previous[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1)
      current.push(Math.min(substitution, previous[column]! + 1, current[column - 1]! + 1))
    }
    previous = current
  }
  return previous[b.length]! / Math.max(a.length, b.length)
}

import { canonicalJson } from '@signalbox/shared/canonical-json'
import { BadUserInputError, ConflictError, PreconditionFailedError, type FieldFault } from '@signalbox/shared/errors'
import { toJson } from '../json.ts'
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
 * @throws {PreconditionFailedError} when the caller looked at another state; {BadUserInputError} when the action is not offered or the value
 * does not fit it
 */
export function checkDecision(review: Review, input: DecideReviewInput): CheckedDecision {
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

/** @throws {ConflictError} with the decision that stands, or how else the review ended */
export function checkOpen(review: Review): void {
  if (review.status !== ReviewStatus.OPEN) throw new ConflictError('This review is no longer open.', standing(review))
}

/** Whether two people, or one person twice, want the same. */
export const isSame = (
  one: { action: ReviewAction | null; value?: unknown },
  other: { action: ReviewAction | null; value?: unknown },
): boolean => one.action === other.action && asStored(one.value) === asStored(other.value)

const asStored = (value: unknown): string => canonicalJson(JSON.parse(toJson(value)))

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
  const schema = action === ReviewAction.EDIT ? editSchemaOf(review) : answerSchemaOf(review)
  return faultsOf(schema, value ?? null, 'value')
}

/** What an edit leaves out stays as proposed, so only what the proposal lacks is needed. */
function editSchemaOf({ responseSchema, proposal }: Review): object {
  const { required = [], ...schema } = (responseSchema ?? {}) as { required?: string[] }
  return { ...schema, type: 'object', minProperties: 1, required: required.filter((name) => (proposal[name] ?? null) === null) }
}

/** An answer in own words is a reply where one is proposed or asked for, else the whole value. */
function answerSchemaOf({ responseSchema, proposal }: Review): object {
  const schema = responseSchema as { properties?: Record<string, unknown> } | null
  const isReply = schema === null ? 'reply' in proposal : schema.properties?.['reply'] !== undefined
  return { ...schema, type: 'object', ...(isReply ? { required: ['reply'] } : { minProperties: 1 }) }
}

import type { AuditAction, AuditRecord } from '@signalbox/shared/audit'
import type { EventPayloads, EventType } from '@signalbox/shared/events/events'
import { z } from 'zod'

const id = z.guid()
const at = z.iso.datetime({ offset: true })
const word = z.string().min(1).max(200)
const decimal = z.string().regex(/^\d{1,15}(\.\d{1,20})?$/)

const transition = z.object({
  seq: z.int().min(0),
  at,
  kind: word,
  status: word,
  node: z.string().nullable(),
  attempt: z.int().nullable(),
  durationMs: z.number().nonnegative().nullable(),
  failureCode: z.string().nullable(),
  usage: z
    .object({ inputTokens: z.int().nonnegative(), outputTokens: z.int().nonnegative(), model: z.string(), costUsd: decimal })
    .nullable(),
  automated: z.boolean().nullable(),
})

/** An entry of the audit trail. An action that is not known yet is kept as well: the trail leaves nothing out. */
export const auditRecordSchema = z.object({
  action: word as z.ZodType<AuditAction>,
  outcome: z.enum(['ALLOWED', 'DENIED', 'FAILED']),
  target: z.object({ type: word, id: word }).optional(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
  actor: z.object({ kind: word, id: word }).nullable(),
  scopes: z.array(z.string()),
  requestId: z.string().nullable(),
  operation: z.string().nullable(),
  source: z.string().nullish(),
}) as unknown as z.ZodType<AuditRecord>

/** What each event must look like to be applied; a field that is not known is passed over, so that emitters may grow first. */
const schemas: { [T in EventType]: z.ZodType<EventPayloads[T]> } = {
  'organization.saved': z.object({
    organizationId: id,
    name: z.string(),
    kind: z.enum(['AGENCY', 'CLIENT']),
    agencyId: id.nullable(),
    timeZone: word,
  }),
  'membership.changed': z.object({ userId: id, organizationId: id, role: word.nullable() }),
  'workflow.published': z.object({ workflowId: id, slug: word, name: z.string(), versionId: id, number: z.int() }),
  'run.advanced': z.object({
    runId: id,
    caseId: word,
    workflowId: id,
    workflowSlug: word,
    versionId: id,
    trigger: word,
    production: z.boolean(),
    queuedAt: at,
    transitions: z.array(transition),
  }),
  'review.decided': z.object({
    runId: id,
    caseId: word,
    reviewId: id,
    action: word,
    decidedBy: word,
    openedAt: at,
    dueAt: at.nullish(),
    decidedAt: at,
    activeMs: z.number().nonnegative().nullable(),
    edited: z.boolean(),
    editDistance: z.number().min(0).max(1).nullable(),
  }),
  'audit.recorded': auditRecordSchema,
}

/** An event as the log gives it. */
export interface LoggedEvent {
  position: number
  organizationId: string
  type: string
  payload: unknown
  occurredAt: string
}

export type KnownEvent = {
  [T in EventType]: Omit<LoggedEvent, 'type' | 'payload'> & { type: T; payload: EventPayloads[T] }
}[EventType]

/**
 * Checks an event. Null: a type that telemetry does not handle.
 * @throws {Error} saying what is wrong with it
 */
export function parseEvent({ type, payload, ...logged }: LoggedEvent): KnownEvent | null {
  if (!Object.hasOwn(schemas, type)) return null
  const result = schemas[type as EventType].safeParse(payload)
  if (!result.success) throw new Error(z.prettifyError(result.error).replaceAll(/\s+/g, ' '))
  const event = { ...logged, type, payload: result.data } as KnownEvent
  if ('organizationId' in event.payload && event.payload.organizationId !== logged.organizationId) {
    throw new Error('it is about another organisation than the one that it was written for')
  }
  return event
}

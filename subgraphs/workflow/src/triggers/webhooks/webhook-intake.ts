import type { Envelope } from '@signalbox/shared/encryption/envelope'
import { AppError, BadUserInputError } from '@signalbox/shared/errors'
import type { ActorKind } from '@signalbox/shared/actor'
import { announceRuns } from '../../runs/create-runs.ts'
import { RunTrigger } from '../../runs/run-status.ts'
import { inTransaction, managersOf } from '../../tenant.ts'
import type { FiringParts } from '../due.ts'
import { applyMapping } from '../mapping.ts'
import { startTriggered, storedFault, type StoredFault } from '../start-triggered.ts'
import { hiddenHeaders, readBody } from './request-content.ts'
import { checkSignature, shortKey, SignatureError } from './signature.ts'
import { DeliveryStatus, type DeliveredRequest, type WebhookDelivery } from './webhook-delivery.entity.ts'
import { findWebhook, hashOfPath, keepDelivery, readSecrets, type DeliveryToKeep } from './webhook-store.ts'
import type { WebhookTrigger } from './webhook-trigger.entity.ts'

export interface IntakeParts extends FiringParts {
  envelope: Envelope
}

/** A webhook that somebody found by its address. */
export interface WebhookKey {
  organizationId: string
  id: string
}

export interface IncomingRequest {
  /** Lower-case names. */
  headers: Record<string, string | string[] | undefined>
  body: Buffer
  query: Record<string, string>
}

/** What of a believed delivery its run is made of. */
export interface Delivered {
  headers: Record<string, string>
  request: DeliveredRequest
  /** By which a repetition is known; the mapping's own comes before it. */
  idempotencyKey: string | null
  bytes: number
}

const HTTP_STATUS: Record<string, number> = { CONFLICT: 409, NOT_FOUND: 409, UNAVAILABLE: 503 }
const ACTOR = { kind: 'SYSTEM', id: 'webhook' } as const

/** Takes what is sent to webhooks, and keeps a record of each. */
export class WebhookIntake {
  constructor(private readonly parts: IntakeParts) {}

  /** The webhook that is there and enabled. */
  async find(path: string): Promise<WebhookKey | undefined> {
    const [row] = await inTransaction(this.parts.orm.em.fork(), ({ query }) =>
      query<{ organization_id: string; id: string }>('select * from workflow.find_webhook($1)', [hashOfPath(path)]),
    )
    return row && { organizationId: row.organization_id, id: row.id }
  }

  /** @param now milliseconds */
  async receive(key: WebhookKey, request: IncomingRequest, now = Date.now()): Promise<WebhookDelivery> {
    const { webhook, secrets } = await this.#open(key)
    const headers = hiddenHeaders(request.headers, webhook.signatureHeader)
    const bytes = request.body.length
    let idempotencyKey: string | null
    let body: unknown
    try {
      idempotencyKey = checkSignature(webhook, secrets, request, now)
      body = readBody(request)
    } catch (error) {
      const isSignature = error instanceof SignatureError
      if (!isSignature && !(error instanceof AppError)) throw error
      const code = isSignature ? 'UNAUTHENTICATED' : 'BAD_USER_INPUT'
      return this.refuse(key, { httpStatus: isSignature ? 401 : 400, fault: { code, message: error.message }, headers, bytes })
    }
    return this.start(webhook, { headers, request: { body, query: request.query }, idempotencyKey, bytes })
  }

  /** Keeps that something was not let in; nothing of its body. */
  refuse(
    { organizationId, id }: WebhookKey,
    refusal: { httpStatus: number; fault: StoredFault; headers: Record<string, string>; bytes: number },
  ): Promise<WebhookDelivery> {
    return this.#keep({
      organizationId,
      webhookId: id,
      status: DeliveryStatus.REFUSED,
      runId: null,
      createdRun: false,
      request: null,
      idempotencyKey: null,
      ...refusal,
    })
  }

  /** Starts the run of a believed delivery; run and record are one transaction. */
  async start(
    webhook: WebhookTrigger,
    delivered: Delivered,
    actor: { kind: ActorKind; id: string } = ACTOR,
  ): Promise<WebhookDelivery> {
    const { organizationId, id: webhookId } = webhook
    const record = { organizationId, webhookId, ...delivered }
    try {
      const { delivery, fresh } = await inTransaction(managersOf(this.parts.orm, organizationId).fork(), async (transaction) => {
        const { run, created, fresh } = await startTriggered(transaction, {
          organizationId,
          workflowId: webhook.workflowId,
          triggerId: webhookId,
          trigger: RunTrigger.WEBHOOK,
          actor,
          item: itemOf(webhook, delivered),
        })
        const outcome = { status: DeliveryStatus.ACCEPTED, httpStatus: 202, runId: run.id, createdRun: created, fault: null }
        return { delivery: await keepDelivery(transaction, { ...record, ...outcome }), fresh }
      })
      announceRuns(this.parts.notifier, fresh)
      return delivery
    } catch (error) {
      const fault = storedFault(error)
      const httpStatus = HTTP_STATUS[fault.code] ?? 400
      return this.#keep({ ...record, status: DeliveryStatus.FAILED, httpStatus, runId: null, createdRun: false, fault })
    }
  }

  #open({ organizationId, id }: WebhookKey): Promise<{ webhook: WebhookTrigger; secrets: string[] }> {
    return inTransaction(managersOf(this.parts.orm, organizationId).fork(), async (transaction) => {
      const webhook = await findWebhook(transaction, organizationId, id)
      if (webhook === undefined) throw new Error('the webhook went away while it was called')
      return { webhook, secrets: webhook.requireSignature ? await readSecrets(transaction, this.parts.envelope, webhook) : [] }
    })
  }

  #keep(delivery: DeliveryToKeep): Promise<WebhookDelivery> {
    return inTransaction(managersOf(this.parts.orm, delivery.organizationId).fork(), (transaction) =>
      keepDelivery(transaction, delivery),
    )
  }
}

/** @throws {BadUserInputError} */
function itemOf({ id, mapping }: WebhookTrigger, { headers, request, idempotencyKey }: Delivered) {
  const item = applyMapping(mapping, { body: request.body, headers, query: request.query })
  const key = item.idempotencyKey == null ? idempotencyKey : shortKey(item.idempotencyKey)
  if (item.idempotencyKey === '')
    throw new BadUserInputError('An expression gave no value.', [
      { path: 'mapping.idempotencyKey', message: 'gave an empty key' },
    ])
  return { ...item, idempotencyKey: key === null ? null : `webhook:${id}:${key}` }
}

import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Envelope, SecretPlace } from '@signalbox/shared/encryption/envelope'
import { toJson } from '../../json.ts'
import type { Transaction } from '../../tenant.ts'
import type { StoredFault } from '../start-triggered.ts'
import { WebhookDelivery, type DeliveredRequest, type DeliveryStatus } from './webhook-delivery.entity.ts'
import { WebhookTrigger } from './webhook-trigger.entity.ts'

/** Of each webhook: as many that were believed, and as many that were not. */
const KEPT_DELIVERIES = 100

/** 192 random bits. */
export const newPath = (): string => randomBytes(24).toString('base64url')
export const hashOfPath = (path: string): Buffer => createHash('sha256').update(path).digest()
/** As Standard Webhooks writes it. */
export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

export const secretPlaceOf = (organizationId: string, id: string): SecretPlace => ({
  organizationId,
  record: id,
  field: 'workflow.webhook_secrets.ciphertext',
})

interface SecretRow {
  id: string
  key_id: string
  wrapped_key: Buffer
  ciphertext: Buffer
}

export async function findWebhook(
  { em, query }: Transaction,
  organizationId: string,
  id: string,
): Promise<WebhookTrigger | undefined> {
  const [row] = await query<object>('select * from workflow.webhooks where organization_id = $1 and id = $2', [
    organizationId,
    id,
  ])
  return row && em.map(WebhookTrigger, row)
}

/** Every secret of the webhook that holds at present. @throws {UnknownKeyError} {DecryptionError} */
export async function readSecrets({ query }: Transaction, envelope: Envelope, webhook: WebhookTrigger): Promise<string[]> {
  const { organizationId, id } = webhook
  const rows = await query<SecretRow>(
    `select id, key_id, wrapped_key, ciphertext from workflow.webhook_secrets
     where organization_id = $1 and webhook_id = $2 and (valid_until is null or valid_until > now())`,
    [organizationId, id],
  )
  return Promise.all(
    rows.map((row) =>
      envelope.open(secretPlaceOf(organizationId, row.id), {
        keyId: row.key_id,
        wrappedKey: row.wrapped_key,
        ciphertext: row.ciphertext,
      }),
    ),
  )
}

/** @param overlapHours for how long the secrets of before hold as well */
export async function addSecret(
  { query }: Transaction,
  envelope: Envelope,
  { organizationId, id: webhookId }: Pick<WebhookTrigger, 'organizationId' | 'id'>,
  secret: string,
  overlapHours: number,
): Promise<void> {
  await query(
    `update workflow.webhook_secrets set valid_until = least(valid_until, now() + make_interval(hours => $3))
     where organization_id = $1 and webhook_id = $2`,
    [organizationId, webhookId, overlapHours],
  )
  await query('delete from workflow.webhook_secrets where organization_id = $1 and webhook_id = $2 and valid_until <= now()', [
    organizationId,
    webhookId,
  ])
  const id = randomUUID()
  const sealed = await envelope.seal(secretPlaceOf(organizationId, id), secret)
  await query(
    `insert into workflow.webhook_secrets (organization_id, id, webhook_id, key_id, wrapped_key, ciphertext)
     values ($1, $2, $3, $4, $5, $6)`,
    [organizationId, id, webhookId, sealed.keyId, sealed.wrappedKey, sealed.ciphertext],
  )
}

export interface DeliveryToKeep {
  organizationId: string
  webhookId: string
  status: DeliveryStatus
  httpStatus: number
  runId: string | null
  createdRun: boolean
  fault: StoredFault | null
  headers: Record<string, string>
  /** Absent where it is not to be tried again. */
  request: DeliveredRequest | null
  idempotencyKey: string | null
  bytes: number
}

/** Keeps it, and forgets the oldest of its sort. */
export async function keepDelivery({ em, query }: Transaction, delivery: DeliveryToKeep): Promise<WebhookDelivery> {
  const { organizationId, webhookId, request } = delivery
  const [row] = await query<object>(
    `insert into workflow.webhook_deliveries (organization_id, webhook_id, status, http_status, run_id, created_run, fault, headers, request,
       idempotency_key, bytes) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning *`,
    [
      organizationId,
      webhookId,
      delivery.status,
      delivery.httpStatus,
      delivery.runId,
      delivery.createdRun,
      delivery.fault === null ? null : toJson(delivery.fault),
      toJson(delivery.headers),
      request === null ? null : toJson(request),
      delivery.idempotencyKey,
      delivery.bytes,
    ],
  )
  await query(
    `delete from workflow.webhook_deliveries where organization_id = $1 and id in
       (select id from workflow.webhook_deliveries where organization_id = $1 and webhook_id = $2 and (request is null) = $3
        order by id desc offset $4)`,
    [organizationId, webhookId, request === null, KEPT_DELIVERIES],
  )
  return em.map(WebhookDelivery, row!)
}

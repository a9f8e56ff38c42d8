import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import type { Envelope } from '@signalbox/shared/encryption/envelope'
import type { Transaction } from '../tenant.ts'

interface SecretRow {
  id: string
  key_id: string
  wrapped_key: Buffer
  ciphertext: Buffer
}

const placeOf = (organizationId: string, id: string) => ({
  organizationId,
  record: id,
  field: 'workflow.review_secrets.ciphertext',
})

/** Replaces the organisation's secret. @returns `whsec_…`, as Standard Webhooks writes it */
export async function replaceSecret({ query }: Transaction, envelope: Envelope, organizationId: string): Promise<string> {
  const [id, secret] = [randomUUID(), `whsec_${randomBytes(32).toString('base64')}`]
  const { keyId, wrappedKey, ciphertext } = await envelope.seal(placeOf(organizationId, id), secret)
  await query(
    `insert into workflow.review_secrets (organization_id, id, key_id, wrapped_key, ciphertext) values ($1, $2, $3, $4, $5)
     on conflict (organization_id) do update set id = excluded.id, key_id = excluded.key_id, wrapped_key = excluded.wrapped_key,
       ciphertext = excluded.ciphertext, created_at = excluded.created_at`,
    [organizationId, id, keyId, wrappedKey, ciphertext],
  )
  return secret
}

/** The organisation's secret, made now when it has none. */
export async function secretOf(transaction: Transaction, envelope: Envelope, organizationId: string): Promise<string> {
  // Two workers would make two, and one of them would be lost.
  await transaction.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`review secret of ${organizationId}`])
  const [row] = await transaction.query<SecretRow>(
    'select id, key_id, wrapped_key, ciphertext from workflow.review_secrets where organization_id = $1',
    [organizationId],
  )
  if (row === undefined) return replaceSecret(transaction, envelope, organizationId)
  const { id, key_id: keyId, wrapped_key: wrappedKey, ciphertext } = row
  return envelope.open(placeOf(organizationId, id), { keyId, wrappedKey, ciphertext })
}

/** The headers of one sending (Standard Webhooks 1.0: HMAC-SHA256 over id, seconds since the epoch and body). */
export function signedHeaders(secret: string, id: string, body: string, at = new Date()): Record<string, string> {
  const seconds = String(Math.floor(at.getTime() / 1_000))
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': `v1,${signature}` }
}

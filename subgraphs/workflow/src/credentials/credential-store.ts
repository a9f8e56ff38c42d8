import type { Envelope, SealedSecret, SecretPlace } from '@signalbox/shared/encryption/envelope'
import type { Transaction } from '../tenant.ts'
import type { Connection, CredentialKind } from './connection.ts'
import { Credential } from './credential.type.ts'

/** A connection as it is stored. */
export interface StoredCredential {
  credential: Credential
  sealed: SealedSecret
}

interface CredentialRow {
  organization_id: string
  id: string
  kind: CredentialKind
  host: string
  hint: string
  key_id: string
  wrapped_key: Buffer
  ciphertext: Buffer
  saved_by_kind: string
  saved_by_id: string
  saved_at: Date | string
  last_used_at: Date | string | null
}

export const placeOf = (organizationId: string, id: string): SecretPlace => ({
  organizationId,
  record: id,
  field: 'workflow.credentials.ciphertext',
})

/** @throws {UnknownKeyError} {DecryptionError} */
export async function openCredential(envelope: Envelope, { credential, sealed }: StoredCredential): Promise<Connection> {
  const { organizationId, id } = credential
  return JSON.parse(await envelope.open(placeOf(organizationId, id), sealed)) as Connection
}

/** The active organisation's own, by kind. */
export async function readCredentials({ query }: Transaction): Promise<StoredCredential[]> {
  return (await query<CredentialRow>('select * from workflow.credentials order by kind')).map(storedOf)
}

/** Replaces the organisation's connection of that kind. */
export async function writeCredential(
  { query }: Transaction,
  { organizationId, id, kind, host, hint, savedByKind, savedById }: Omit<Credential, 'savedAt' | 'lastUsedAt'>,
  { keyId, wrappedKey, ciphertext }: SealedSecret,
): Promise<Credential> {
  const [row] = await query<CredentialRow>(
    `insert into workflow.credentials (organization_id, id, kind, host, hint, key_id, wrapped_key, ciphertext, saved_by_kind, saved_by_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (organization_id, kind) do update set id = excluded.id, host = excluded.host, hint = excluded.hint, key_id = excluded.key_id,
       wrapped_key = excluded.wrapped_key, ciphertext = excluded.ciphertext, saved_by_kind = excluded.saved_by_kind,
       saved_by_id = excluded.saved_by_id, saved_at = excluded.saved_at, last_used_at = null
     returning *`,
    [organizationId, id, kind, host, hint, keyId, wrappedKey, ciphertext, savedByKind, savedById],
  )
  return storedOf(row!).credential
}

export async function removeCredential({ query }: Transaction, id: string): Promise<Credential | undefined> {
  const [row] = await query<CredentialRow>('delete from workflow.credentials where id = $1 returning *', [id])
  return row && storedOf(row).credential
}

/** To the minute, so that a busy organisation does not write a row at every step. */
export async function markUsed({ query }: Transaction, id: string): Promise<void> {
  await query(
    `update workflow.credentials set last_used_at = now() where id = $1 and coalesce(last_used_at, '-infinity') < now() - interval '1 minute'`,
    [id],
  )
}

function storedOf(row: CredentialRow): StoredCredential {
  const credential = Object.assign(new Credential(), {
    organizationId: row.organization_id,
    id: row.id,
    kind: row.kind,
    host: row.host,
    hint: row.hint,
    savedByKind: row.saved_by_kind,
    savedById: row.saved_by_id,
    savedAt: new Date(row.saved_at),
    lastUsedAt: row.last_used_at === null ? null : new Date(row.last_used_at),
  })
  return { credential, sealed: { keyId: row.key_id, wrappedKey: row.wrapped_key, ciphertext: row.ciphertext } }
}

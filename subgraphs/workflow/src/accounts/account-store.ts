import type { Envelope, SealedSecret, SecretPlace } from '@signalbox/shared/encryption/envelope'
import type { Transaction } from '../tenant.ts'
import type { AccountSecret } from './account-secret.ts'
import { Account, type AccountKind, type AccountState } from './account.type.ts'

export interface StoredAccount {
  account: Account
  sealed: SealedSecret
  /** The authorization that is under way. */
  pending: string | null
}

interface AccountRow {
  organization_id: string
  id: string
  name: string
  kind: AccountKind
  host: string
  hint: string
  state: AccountState
  attention: string | null
  token_expires_at: Date | string | null
  pending: string | null
  key_id: string
  wrapped_key: Buffer
  ciphertext: Buffer
  saved_by_kind: string
  saved_by_id: string
  saved_at: Date | string
  last_used_at: Date | string | null
}

const placeOf = (organizationId: string, id: string): SecretPlace => ({
  organizationId,
  record: id,
  field: 'workflow.accounts.ciphertext',
})

export const sealAccount = (
  envelope: Envelope,
  { organizationId, id }: Pick<Account, 'organizationId' | 'id'>,
  secret: AccountSecret,
) => envelope.seal(placeOf(organizationId, id), JSON.stringify(secret))

/** @throws {UnknownKeyError} {DecryptionError} */
export async function openAccount(envelope: Envelope, { account, sealed }: StoredAccount): Promise<AccountSecret> {
  return JSON.parse(await envelope.open(placeOf(account.organizationId, account.id), sealed)) as AccountSecret
}

/** The active organisation's own, by name. */
export async function readAccounts({ query }: Transaction): Promise<StoredAccount[]> {
  return (await query<AccountRow>('select * from workflow.accounts order by name')).map(storedOf)
}

/** One of the active organisation's; locked until the transaction ends. */
export async function lockAccount({ query }: Transaction, id: string): Promise<StoredAccount | undefined> {
  const [row] = await query<AccountRow>('select * from workflow.accounts where id = $1 for update', [id])
  return row && storedOf(row)
}

/** Adds an account, or replaces the one of that id as a whole. @throws when the name is another's (23505) */
export async function writeAccount(
  { query }: Transaction,
  account: Omit<Account, 'savedAt' | 'lastUsedAt' | 'attention' | 'tokenExpiresAt'>,
  { keyId, wrappedKey, ciphertext }: SealedSecret,
): Promise<Account> {
  const { organizationId, id, name, kind, host, hint, state, savedByKind, savedById } = account
  const [row] = await query<AccountRow>(
    `insert into workflow.accounts (organization_id, id, name, kind, host, hint, state, key_id, wrapped_key, ciphertext, saved_by_kind, saved_by_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     on conflict (organization_id, id) do update set name = excluded.name, kind = excluded.kind, host = excluded.host, hint = excluded.hint,
       state = excluded.state, attention = null, token_expires_at = null, pending = null, key_id = excluded.key_id,
       wrapped_key = excluded.wrapped_key, ciphertext = excluded.ciphertext, saved_by_kind = excluded.saved_by_kind,
       saved_by_id = excluded.saved_by_id, saved_at = excluded.saved_at, last_used_at = null
     returning *`,
    [organizationId, id, name, kind, host, hint, state, keyId, wrappedKey, ciphertext, savedByKind, savedById],
  )
  return storedOf(row!).account
}

/** What the provider gave: tokens sealed with the rest. Ends the authorization that was under way. */
export async function writeTokens(
  { query }: Transaction,
  id: string,
  { keyId, wrappedKey, ciphertext }: SealedSecret,
  expiresAt: number | null,
): Promise<Account> {
  const [row] = await query<AccountRow>(
    `update workflow.accounts set state = 'CONNECTED', attention = null, pending = null, token_expires_at = $5, key_id = $2, wrapped_key = $3,
       ciphertext = $4 where id = $1 returning *`,
    [id, keyId, wrappedKey, ciphertext, expiresAt === null ? null : new Date(expiresAt)],
  )
  return storedOf(row!).account
}

export async function markAttention({ query }: Transaction, id: string, reason: string): Promise<void> {
  await query(`update workflow.accounts set state = 'ATTENTION', attention = $2 where id = $1`, [id, reason])
}

export async function beginAuthorization({ query }: Transaction, id: string, nonce: string): Promise<void> {
  await query('update workflow.accounts set pending = $2 where id = $1', [id, nonce])
}

export async function removeAccount({ query }: Transaction, id: string): Promise<Account | undefined> {
  const [row] = await query<AccountRow>('delete from workflow.accounts where id = $1 returning *', [id])
  return row && storedOf(row).account
}

/** To the minute, so that a busy organisation does not write a row at every call. */
export async function markAccountUsed({ query }: Transaction, id: string): Promise<void> {
  await query(
    `update workflow.accounts set last_used_at = now() where id = $1 and coalesce(last_used_at, '-infinity') < now() - interval '1 minute'`,
    [id],
  )
}

const momentOf = (value: Date | string | null) => (value === null ? null : new Date(value))

function storedOf(row: AccountRow): StoredAccount {
  const account = Object.assign(new Account(), {
    organizationId: row.organization_id,
    id: row.id,
    name: row.name,
    kind: row.kind,
    host: row.host,
    hint: row.hint,
    state: row.state,
    attention: row.attention,
    tokenExpiresAt: momentOf(row.token_expires_at),
    savedByKind: row.saved_by_kind,
    savedById: row.saved_by_id,
    savedAt: new Date(row.saved_at),
    lastUsedAt: momentOf(row.last_used_at),
  })
  const sealed = { keyId: row.key_id, wrappedKey: row.wrapped_key, ciphertext: row.ciphertext }
  return { account, sealed, pending: row.pending }
}

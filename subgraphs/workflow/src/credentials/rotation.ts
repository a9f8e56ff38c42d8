import pg from 'pg'
import type { Envelope } from '@signalbox/shared/encryption/envelope'

export interface RotationOptions {
  /** The owner's address: the work goes over all organisations. */
  ownerUrl: string
  envelope: Envelope
  /** The key that everything is to be under. */
  currentKeyId: string
  /** Secrets read at a time; 100 unless given. */
  batchSize?: number
  onProgress?(done: number, left: number): void | Promise<void>
}

/** Every table with sealed columns, all of the same names; a secret's place is named after its table. */
const SEALED_TABLES = ['workflow.credentials', 'workflow.accounts', 'workflow.webhook_secrets'] as const
type SealedTable = (typeof SEALED_TABLES)[number]

interface WrappedRow {
  table: SealedTable
  organization_id: string
  id: string
  key_id: string
  wrapped_key: Buffer
}

/**
 * Puts every data key that is under another key under the current one, while the services run. Each is one compare-and-set, so that it can be
 * killed at any moment and started again, several may run at once, and a connection that is saved meanwhile wins.
 * @returns how many were re-wrapped
 * @throws {UnknownKeyError} when a key in use is not in the key file; what was done until then stands
 */
export async function rotateCredentials(options: RotationOptions): Promise<number> {
  const client = new pg.Client({ connectionString: options.ownerUrl })
  await client.connect()
  try {
    let done = 0
    for (;;) {
      const rows = await outdated(client, options)
      if (rows.length === 0) return done
      for (const row of rows) done += await rewrap(client, options, row)
      await options.onProgress?.(done, await countOutdated(client, options.currentKeyId))
    }
  } finally {
    await client.end()
  }
}

async function outdated(client: pg.Client, { currentKeyId, batchSize = 100 }: RotationOptions): Promise<WrappedRow[]> {
  const batches: WrappedRow[] = []
  for (const table of SEALED_TABLES) {
    const { rows } = await client.query<Omit<WrappedRow, 'table'>>(
      `select organization_id, id, key_id, wrapped_key from ${table} where key_id <> $1 order by organization_id, id limit $2`,
      [currentKeyId, batchSize - batches.length],
    )
    batches.push(...rows.map((row) => ({ table, ...row })))
  }
  return batches
}

const KEYS_IN_USE = SEALED_TABLES.map((table) => `select key_id from ${table}`).join(' union all ')

async function countOutdated(client: pg.Client, currentKeyId: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from (${KEYS_IN_USE}) as keys where key_id <> $1`,
    [currentKeyId],
  )
  return rows[0]!.count
}

async function rewrap(client: pg.Client, { envelope }: RotationOptions, row: WrappedRow): Promise<number> {
  const { table, organization_id, id, key_id, wrapped_key } = row
  const place = { organizationId: organization_id, record: id, field: `${table}.ciphertext` }
  const { keyId, wrappedKey } = await envelope.rewrap(place, { keyId: key_id, wrappedKey: wrapped_key })
  const { rowCount } = await client.query(
    `update ${table} set key_id = $4, wrapped_key = $5
     where organization_id = $1 and id = $2 and key_id = $3 and wrapped_key = $6`,
    [organization_id, id, key_id, keyId, wrappedKey, wrapped_key],
  )
  return rowCount ?? 0
}

/** How many secrets are under each key. */
export async function keysInUse(ownerUrl: string): Promise<Map<string, number>> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ key_id: string; count: number }>(
      `select key_id, count(*)::int as count from (${KEYS_IN_USE}) as keys group by key_id order by key_id`,
    )
    return new Map(rows.map(({ key_id, count }) => [key_id, count]))
  } finally {
    await client.end()
  }
}

import pg from 'pg'
import type { Envelope, SecretPlace } from '@signalbox/shared/encryption/envelope'
import { secretPlaceOf } from '../triggers/webhooks/webhook-store.ts'
import { placeOf } from './credential-store.ts'

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

/** Where secrets are: tables with the columns `organization_id`, `id`, `key_id` and `wrapped_key`. */
const TABLES: { name: string; placeOf(organizationId: string, id: string): SecretPlace }[] = [
  { name: 'workflow.credentials', placeOf },
  { name: 'workflow.webhook_secrets', placeOf: secretPlaceOf },
]
type SecretTable = (typeof TABLES)[number]

interface WrappedRow {
  organization_id: string
  id: string
  key_id: string
  wrapped_key: Buffer
}

/**
 * Puts every data key that is under another key under the current one, while the services run. Each is one compare-and-set, so that it can be
 * killed at any moment and started again, several may run at once, and a secret that is saved meanwhile wins.
 * @returns how many were re-wrapped
 * @throws {UnknownKeyError} when a key in use is not in the key file; what was done until then stands
 */
export async function rotateCredentials(options: RotationOptions): Promise<number> {
  const client = new pg.Client({ connectionString: options.ownerUrl })
  await client.connect()
  try {
    let done = 0
    for (const table of TABLES) {
      for (;;) {
        const rows = await outdated(client, table, options)
        if (rows.length === 0) break
        for (const row of rows) done += await rewrap(client, table, options, row)
        await options.onProgress?.(done, await countOutdated(client, options.currentKeyId))
      }
    }
    return done
  } finally {
    await client.end()
  }
}

async function outdated(
  client: pg.Client,
  { name }: SecretTable,
  { currentKeyId, batchSize = 100 }: RotationOptions,
): Promise<WrappedRow[]> {
  const { rows } = await client.query<WrappedRow>(
    `select organization_id, id, key_id, wrapped_key from ${name} where key_id <> $1 order by organization_id, id limit $2`,
    [currentKeyId, batchSize],
  )
  return rows
}

async function countOutdated(client: pg.Client, currentKeyId: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(`select count(*)::int as count from ${ALL_KEYS} where key_id <> $1`, [
    currentKeyId,
  ])
  return rows[0]!.count
}

const ALL_KEYS = `(${TABLES.map(({ name }) => `select key_id from ${name}`).join(' union all ')}) as secrets`

async function rewrap(client: pg.Client, table: SecretTable, { envelope }: RotationOptions, row: WrappedRow): Promise<number> {
  const { organization_id, id, key_id, wrapped_key } = row
  const place = table.placeOf(organization_id, id)
  const { keyId, wrappedKey } = await envelope.rewrap(place, { keyId: key_id, wrappedKey: wrapped_key })
  const { rowCount } = await client.query(
    `update ${table.name} set key_id = $4, wrapped_key = $5
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
      `select key_id, count(*)::int as count from ${ALL_KEYS} group by key_id order by key_id`,
    )
    return new Map(rows.map(({ key_id, count }) => [key_id, count]))
  } finally {
    await client.end()
  }
}

import 'reflect-metadata'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { Audit } from '@signalbox/shared/audit'
import { Envelope } from '@signalbox/shared/encryption/envelope'
import { KeyFileProvider } from '@signalbox/shared/encryption/key-file'
import { addKey } from '@signalbox/shared/encryption/add-key'
import { readEnv } from '@signalbox/shared/env'
import { createOrm } from '@signalbox/shared/orm'
import { keysInUse, rotateCredentials } from './credentials/rotation.ts'

/**
 * `npm run encryption:rotate`: after a new current key was put into the key file (`-- --add-key` does that too), brings every secret under
 * it, while the services run. Safe to kill and to run again. Says which keys may be taken out of the file.
 */
const { DATABASE_OWNER_URL, ENCRYPTION_KEYS, ENCRYPTION_KEYS_FILE } = readEnv({
  DATABASE_OWNER_URL: z.url(),
  ENCRYPTION_KEYS: z.string().min(1),
  ENCRYPTION_KEYS_FILE: z.string().optional(),
})
try {
  const { values: flags } = parseArgs({ options: { 'add-key': { type: 'boolean', default: false } } })
  const text = flags['add-key'] ? addKey(ENCRYPTION_KEYS_FILE) : ENCRYPTION_KEYS
  const provider = new KeyFileProvider({ text })
  const currentKeyId = await provider.currentKeyId()
  const rewrapped = await rotateCredentials({
    ownerUrl: DATABASE_OWNER_URL,
    envelope: new Envelope(provider),
    currentKeyId,
    onProgress: (done, left) => console.log(`re-wrapped ${done}, ${left} left`),
  })
  if (rewrapped > 0) await recordRotation(currentKeyId, rewrapped)
  const inUse = await keysInUse(DATABASE_OWNER_URL)
  const free = (await provider.keyIds()).filter((id) => id !== currentKeyId && !inUse.has(id))
  console.log(`Every stored secret is under the key "${currentKeyId}" (${inUse.get(currentKeyId) ?? 0} of them).`)
  if (free.length > 0)
    console.log(
      `No longer in use: ${free.join(', ')}. Take it out of the key file once every service has read the new one; a service does so by itself when the file is mounted as ENCRYPTION_KEYS_FILE, else when it is restarted. Then run this once more: it must say the same.`,
    )
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}

async function recordRotation(currentKeyId: string, rewrapped: number) {
  const orm = await createOrm({ url: DATABASE_OWNER_URL, schema: 'workflow', entities: [], poolSize: 1 })
  try {
    const audit = new Audit({ viewer: null, operation: 'encryption:rotate' })
    const target = { type: 'EncryptionKey', id: currentKeyId }
    await audit.record(orm.em.fork(), null, {
      action: 'encryption_key.rotated',
      outcome: 'ALLOWED',
      target,
      details: { rewrapped },
    })
  } finally {
    await orm.close()
  }
}

import { randomBytes } from 'node:crypto'
import { decrypt, encrypt } from './aes-gcm.ts'
import type { KeyProvider } from './key-provider.ts'

/** Where a secret belongs; it opens nowhere else. */
export interface SecretPlace {
  organizationId: string
  /** The row's id. */
  record: string
  /** Table and column: `workflow.credentials.secret`. */
  field: string
}

/** As it is stored, in three columns: the key-encryption key's id, the data key under it, the text under the data key (`aes-gcm.ts`). */
export interface SealedSecret {
  keyId: string
  wrappedKey: Buffer
  ciphertext: Buffer
}

/**
 * Envelope encryption: each secret has a data key of its own, which is wrapped by the current key of the provider. Both are bound to the
 * secret's place as additional authenticated data, so that neither can be moved to another tenant, row or column.
 */
export class Envelope {
  constructor(private readonly keys: KeyProvider) {}

  async seal(place: SecretPlace, plaintext: string): Promise<SealedSecret> {
    const dataKey = randomBytes(32)
    const { keyId, bytes } = await this.keys.wrap(dataKey, contextOf(place, 'key'))
    const ciphertext = encrypt(dataKey, Buffer.from(plaintext), contextOf(place, 'text'))
    dataKey.fill(0)
    return { keyId, wrappedKey: bytes, ciphertext }
  }

  /** @throws {UnknownKeyError} {DecryptionError} */
  async open(place: SecretPlace, { keyId, wrappedKey, ciphertext }: SealedSecret): Promise<string> {
    const dataKey = await this.keys.unwrap({ keyId, bytes: wrappedKey }, contextOf(place, 'key'))
    const plaintext = decrypt(dataKey, ciphertext, contextOf(place, 'text'))
    dataKey.fill(0)
    return plaintext.toString()
  }

  /** The same data key under the current key: the text stays as it is. @throws as `open` */
  async rewrap(place: SecretPlace, { keyId, wrappedKey }: Omit<SealedSecret, 'ciphertext'>) {
    const context = contextOf(place, 'key')
    const dataKey = await this.keys.unwrap({ keyId, bytes: wrappedKey }, context)
    const wrapped = await this.keys.wrap(dataKey, context)
    dataKey.fill(0)
    return { keyId: wrapped.keyId, wrappedKey: wrapped.bytes }
  }
}

/** JSON of an array: no two places have the same bytes. */
const contextOf = ({ organizationId, record, field }: SecretPlace, part: 'key' | 'text') =>
  Buffer.from(JSON.stringify(['signalbox', 1, part, organizationId, record, field]))

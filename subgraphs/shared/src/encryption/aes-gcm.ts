import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { DecryptionError } from './key-provider.ts'

const VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * AES-256-GCM (NIST SP 800-38D) as one blob, format 1: `01 | nonce (12 bytes) | ciphertext | tag (16 bytes)`. The nonce is random: a data key
 * encrypts one text, a key-encryption key far fewer than the 2^32 data keys that SP 800-38D allows it.
 */
export function encrypt(key: Buffer, plaintext: Buffer, context: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(context)
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}

/** @throws {DecryptionError} for another key, another context, a changed byte or an unknown format */
export function decrypt(key: Buffer, blob: Buffer, context: Buffer): Buffer {
  if (blob[0] !== VERSION || blob.length < 1 + NONCE_BYTES + TAG_BYTES) throw new DecryptionError()
  const nonce = blob.subarray(1, 1 + NONCE_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(context).setAuthTag(blob.subarray(-TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(blob.subarray(1 + NONCE_BYTES, -TAG_BYTES)), decipher.final()])
  } catch {
    throw new DecryptionError()
  }
}

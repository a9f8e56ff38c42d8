/** A data key under a key-encryption key. */
export interface WrappedKey {
  /** Of the key-encryption key. */
  keyId: string
  bytes: Buffer
}

/**
 * Who holds the key-encryption keys: a key file now (`key-file.ts`), a key management service or an HSM elsewhere. They never leave it; data
 * keys (32 bytes, one a secret) go in and come out.
 */
export interface KeyProvider {
  /** The key that new data keys are wrapped with. */
  currentKeyId(): Promise<string>
  /** @param context authenticated with the key and needed again to unwrap it */
  wrap(dataKey: Buffer, context: Buffer): Promise<WrappedKey>
  /** @throws {UnknownKeyError} {DecryptionError} */
  unwrap(wrapped: WrappedKey, context: Buffer): Promise<Buffer>
}

/** A secret is under a key that this process does not have. */
export class UnknownKeyError extends Error {
  override name = 'UnknownKeyError'

  constructor(readonly keyId: string) {
    super(
      `The encryption key "${keyId}" is not in the key file, and secrets are still encrypted with it. Put it back into ENCRYPTION_KEYS, and take it out only when "npm run encryption:rotate" says so.`,
    )
  }
}

/** What is stored was changed, moved to another place, or encrypted with another key of the same name. */
export class DecryptionError extends Error {
  override name = 'DecryptionError'

  constructor() {
    super('A stored secret cannot be decrypted: it was changed, or it belongs to another place.')
  }
}

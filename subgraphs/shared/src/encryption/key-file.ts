import { readFileSync, statSync } from 'node:fs'
import { z } from 'zod'
import { EnvError } from '../env.ts'
import { decrypt, encrypt } from './aes-gcm.ts'
import { UnknownKeyError, type KeyProvider, type WrappedKey } from './key-provider.ts'

const keyFile = z
  .object({
    current: z.string(),
    keys: z.record(
      z.string().regex(/^[\w-]{1,32}$/),
      z.base64().refine((text) => Buffer.from(text, 'base64').length === 32),
    ),
  })
  .refine(({ current, keys }) => Object.hasOwn(keys, current))

/** The keys of the file: `{ "current": "k2", "keys": { "k1": "<base64 of 32 bytes>", "k2": "…" } }`. */
export interface KeyFile {
  current: string
  keys: ReadonlyMap<string, Buffer>
}

/** Reads JSON, or the base64url of it, as variables of container files carry it. @throws {EnvError} that says what is wanted and repeats nothing of the text */
export function parseKeyFile(text: string): KeyFile {
  const parsed = keyFile.safeParse(jsonOrNull(text) ?? jsonOrNull(Buffer.from(text, 'base64url').toString()))
  if (!parsed.success)
    throw new EnvError(
      'ENCRYPTION_KEYS: must be JSON like { "current": "k1", "keys": { "k1": "<base64 of 32 random bytes>" } }, and "current" one of the keys',
    )
  const { current, keys } = parsed.data
  return { current, keys: new Map(Object.entries(keys).map(([id, key]) => [id, Buffer.from(key, 'base64')])) }
}

export interface KeyFileOptions {
  /** The file's content, as read at start. */
  text: string
  /** Where it came from; read again when it has changed, so that a rotation needs no restart. */
  path?: string | undefined
  /** Told when the changed file is not usable; the keys that were read before go on. */
  onFault?(error: Error): void
}

/** Key-encryption keys in a file that the operator mounts. */
export class KeyFileProvider implements KeyProvider {
  #file: KeyFile
  #changedAt: number | undefined

  constructor(private readonly options: KeyFileOptions) {
    this.#file = parseKeyFile(options.text)
  }

  async currentKeyId() {
    this.#refresh()
    return this.#file.current
  }

  /** Every key of the file. */
  async keyIds(): Promise<string[]> {
    this.#refresh()
    return [...this.#file.keys.keys()]
  }

  async wrap(dataKey: Buffer, context: Buffer): Promise<WrappedKey> {
    this.#refresh()
    const { current, keys } = this.#file
    return { keyId: current, bytes: encrypt(keys.get(current)!, dataKey, context) }
  }

  async unwrap({ keyId, bytes }: WrappedKey, context: Buffer) {
    if (!this.#file.keys.has(keyId)) this.#refresh()
    const key = this.#file.keys.get(keyId)
    if (key === undefined) throw new UnknownKeyError(keyId)
    return decrypt(key, bytes, context)
  }

  #refresh() {
    const { path, onFault } = this.options
    if (path === undefined) return
    try {
      const { mtimeMs } = statSync(path)
      if (mtimeMs === this.#changedAt) return
      this.#file = parseKeyFile(readFileSync(path, 'utf8'))
      this.#changedAt = mtimeMs
    } catch (error) {
      onFault?.(error as Error)
    }
  }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { BadUserInputError } from '@signalbox/shared/errors'

/** Bytes. */
export const UPLOAD_LIMIT = 50 * 1024 * 1024

export interface ReceivedFile {
  bytes: number
  /** In hex. */
  sha256: string
  open(): Readable
}

/**
 * Receives an upload into a temporary file, hands it to `use` and removes it. A client that vanishes halfway leaves nothing behind: S3
 * and the database hear of a file only when it is whole.
 * @param limit bytes
 * @throws {BadUserInputError} over the limit
 */
export async function receiveUpload<T>(
  body: Readable,
  use: (file: ReceivedFile) => Promise<T>,
  limit = UPLOAD_LIMIT,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'signalbox-upload-'))
  try {
    const path = join(directory, 'body')
    const hash = createHash('sha256')
    let bytes = 0
    // The request is not destroyed over its size: its client still gets the answer.
    const parts: AsyncIterable<Buffer> = body.iterator({ destroyOnReturn: false })
    await pipeline(async function* () {
      for await (const part of parts) {
        bytes += part.length
        if (bytes > limit) throw tooLarge(limit)
        hash.update(part)
        yield part
      }
    }, createWriteStream(path))
    return await use({ bytes, sha256: hash.digest('hex'), open: () => createReadStream(path) })
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

export const tooLarge = (limit = UPLOAD_LIMIT) =>
  new BadUserInputError(`A file may have ${limit / 1024 / 1024} MB at most.`, [
    { path: 'body', message: `at most ${limit} bytes` },
  ])

import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import { EgressRefusedError } from './errors.ts'

const DECODERS: Record<string, (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
}

/** What is asked for: what can be read. */
export const ACCEPT_ENCODING = 'gzip, deflate, br'

/**
 * Reads an answer's body, at most that many bytes of it as sent and as decoded.
 * @param onPart is given it in pieces as they come, a packed one as a whole
 * @throws {EgressRefusedError} for more, and for an encoding that is unknown, doubled or broken
 */
export async function readBody(
  body: AsyncIterable<Buffer>,
  encoding: string | undefined,
  maxBytes: number,
  onPart?: (part: Buffer) => void,
): Promise<Buffer> {
  const coding = (encoding ?? 'identity').trim().toLowerCase()
  const isPlain = coding === 'identity' || coding === ''
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of body) {
    bytes += part.length
    if (bytes > maxBytes) throw tooLarge(maxBytes)
    parts.push(part)
    if (isPlain) onPart?.(part)
  }
  const raw = Buffer.concat(parts)
  if (isPlain || raw.length === 0) return raw
  const decoded = await decodeBody(raw, coding, maxBytes)
  onPart?.(decoded)
  return decoded
}

async function decodeBody(raw: Buffer, coding: string, maxBytes: number): Promise<Buffer> {
  const decode = DECODERS[coding]
  if (decode === undefined)
    throw new EgressRefusedError('ENCODING_REFUSED', 'The answer is encoded in a way that is not supported.')
  try {
    return await decode(raw, { maxOutputLength: maxBytes })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes)
    throw new EgressRefusedError('ENCODING_REFUSED', 'The answer’s encoding is broken.')
  }
}

export const tooLarge = (maxBytes: number) =>
  new EgressRefusedError('RESPONSE_TOO_LARGE', `The answer is larger than the ${maxBytes.toLocaleString('en')} bytes allowed.`)

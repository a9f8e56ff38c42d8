import { RefusedError } from './endpoint.ts'
import type { RowFault } from '@signalbox/shared/csv-table'

export interface Parcelled {
  /** Line of the file that it came from. */
  line: number
}

/** What one request may carry; the gateway takes bodies of 1 MiB. */
export interface ParcelLimits {
  items: number
  bytes: number
}

/** Groups items in their order, each group within both limits; an item over the limit of bytes goes alone. */
export function* parcelsOf<T>(items: T[], limits: ParcelLimits): Generator<T[]> {
  let parcel: T[] = []
  let bytes = 0
  for (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(item))
    if (parcel.length > 0 && (parcel.length >= limits.items || bytes + size > limits.bytes)) {
      yield parcel
      parcel = []
      bytes = 0
    }
    parcel.push(item)
    bytes += size
  }
  if (parcel.length > 0) yield parcel
}

/** Refusals that are about the items and not about the caller or the request: the others of a parcel may be fine. */
const ABOUT_ITEMS = new Set(['BAD_USER_INPUT', 'CONFLICT', 'PAYLOAD_TOO_LARGE'])

/**
 * Sends a parcel; when it is refused for what is in it, sends its halves, until the items that are at fault stand alone and are reported.
 * @throws {RefusedError} for any other refusal
 */
export async function sendOrSplit<T extends Parcelled>(
  parcel: T[],
  send: (parcel: T[]) => Promise<void>,
  refuse: (fault: RowFault) => void,
): Promise<void> {
  try {
    await send(parcel)
  } catch (error) {
    if (!(error instanceof RefusedError) || !ABOUT_ITEMS.has(error.code)) throw error
    if (parcel.length === 1) return refuse({ line: parcel[0]!.line, message: error.message })
    const middle = Math.ceil(parcel.length / 2)
    await sendOrSplit(parcel.slice(0, middle), send, refuse)
    await sendOrSplit(parcel.slice(middle), send, refuse)
  }
}

/** Works on everything that the iterable gives, so many at a time. The first failure stops the taking of more and is thrown. */
export async function inParallel<T>(items: Iterable<T>, width: number, work: (item: T) => Promise<void>): Promise<void> {
  const iterator = items[Symbol.iterator]()
  let failed = false
  const worker = async () => {
    for (let next = iterator.next(); !failed && !next.done; next = iterator.next()) {
      try {
        await work(next.value)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const results = await Promise.allSettled(Array.from({ length: width }, worker))
  const failure = results.find((result) => result.status === 'rejected')
  if (failure) throw failure.reason
}

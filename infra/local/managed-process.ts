import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { identify } from './process-identity.ts'

/** A part of the platform that can be started, stopped and, in tests, killed. */
export interface Part {
  readonly name: string
  start(): Promise<void>
  stop(): Promise<void>
  kill(signal: NodeJS.Signals): void
}

export interface ProcessSpec {
  name: string
  /** A JavaScript or TypeScript file that says 'started' over its IPC channel and stops on SIGTERM or when that channel closes. */
  script: string
  /** Its whole environment, beside PATH, HOME and TZ. */
  env: Record<string, string>
}

export interface ProcessOptions {
  dataDirectory: string
  log(line: string): void
}

const START_MS = 60_000
const STOP_MS = 25_000
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 15_000
/** A process that lived this long has recovered: the next pause is the first one again. */
const STEADY_MS = 30_000
const LOG_BYTES = 20 * 1024 ** 2
const INHERITED = ['PATH', 'HOME', 'TZ', 'TMPDIR', 'SystemRoot']

/**
 * A child process in a session of its own (Ctrl-C goes to the launcher alone), logging to `logs/<name>.log`, started again with growing
 * pauses when it ends unasked. Its pid is kept in `run/<name>.json` for a launcher that comes after a killed one.
 */
export class ManagedProcess implements Part {
  readonly name: string
  #spec: ProcessSpec
  #options: ProcessOptions
  #child: ChildProcess | undefined
  #wanted = false
  #pauseMs = FIRST_PAUSE_MS
  #pause: NodeJS.Timeout | undefined
  #whenRunning: Promise<void> | undefined

  constructor(spec: ProcessSpec, options: ProcessOptions) {
    this.name = spec.name
    this.#spec = spec
    this.#options = options
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** @throws when it ends before it has started, with the end of its log, or takes longer than a minute */
  async start(): Promise<void> {
    this.#wanted = true
    clearTimeout(this.#pause)
    if (this.#child === undefined) this.#whenRunning = this.#spawn()
    await this.#whenRunning
  }

  async stop(): Promise<void> {
    this.#wanted = false
    clearTimeout(this.#pause)
    const child = this.#child
    if (child === undefined) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    const forced = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    await ended
    clearTimeout(forced)
  }

  kill(signal: NodeJS.Signals): void {
    this.#child?.kill(signal)
  }

  #spawn(): Promise<void> {
    const { dataDirectory } = this.#options
    const logFile = join(dataDirectory, 'logs', `${this.name}.log`)
    const log = openLog(logFile)
    const logStart = statSync(logFile).size
    const startedAt = Date.now()
    const child = spawn(process.execPath, ['--enable-source-maps', this.#spec.script], {
      detached: true,
      cwd: dataDirectory,
      env: { ...inheritedEnv(dataDirectory), ...this.#spec.env },
      stdio: ['ignore', log, log, 'ipc'],
    })
    closeSync(log)
    this.#child = child
    const runFile = join(dataDirectory, 'run', `${this.name}.json`)
    if (child.pid !== undefined) writeFileSync(runFile, JSON.stringify(identify(child.pid) ?? {}))

    return new Promise((resolve, reject) => {
      const late = setTimeout(() => child.kill('SIGKILL'), START_MS)
      let started = false
      child.on('message', (message) => {
        if (message !== 'started') return
        started = true
        clearTimeout(late)
        resolve()
      })
      child.on('error', () => {})
      child.once('exit', (code, signal) => {
        clearTimeout(late)
        rmSync(runFile, { force: true })
        if (this.#child === child) this.#child = undefined
        if (!started)
          reject(
            new Error(`${this.name} ended before it had started (${signal ?? `code ${code}`}): ${lastWords(logFile, logStart)}`),
          )
        if (this.#wanted) this.#startAgain(String(signal ?? `code ${code}`), Date.now() - startedAt)
      })
    })
  }

  #startAgain(reason: string, livedMs: number) {
    if (livedMs > STEADY_MS) this.#pauseMs = FIRST_PAUSE_MS
    this.#options.log(`${this.name} ended (${reason}); starting it again in ${this.#pauseMs / 1000} s`)
    this.#pause = setTimeout(() => {
      if (!this.#wanted) return
      this.#whenRunning = this.#spawn()
      this.#whenRunning.then(
        () => this.#options.log(`${this.name} runs again`),
        () => {},
      )
    }, this.#pauseMs)
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS)
  }
}

/** Runs a script to its end. @throws with the end of its log when its exit code is not 0 */
export async function runOnce(spec: ProcessSpec, { dataDirectory }: ProcessOptions): Promise<void> {
  const logFile = join(dataDirectory, 'logs', `${spec.name}.log`)
  const log = openLog(logFile)
  const logStart = statSync(logFile).size
  const child = spawn(process.execPath, ['--enable-source-maps', spec.script], {
    detached: true,
    cwd: dataDirectory,
    env: { ...inheritedEnv(dataDirectory), ...spec.env },
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  const code = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (exitCode, signal) => resolve(exitCode ?? signal))
  })
  if (code !== 0) throw new Error(`${spec.name} failed (${String(code)}): ${lastWords(logFile, logStart)}`)
}

/** Waits for processes that a killed launcher left behind (they stop by themselves), and kills those that do not go. */
export async function endLeftovers(dataDirectory: string, names: readonly string[], waitMs = 8_000): Promise<void> {
  const deadline = Date.now() + waitMs
  for (const name of names) {
    const file = join(dataDirectory, 'run', `${name}.json`)
    if (!existsSync(file)) continue
    const known = parse(readFileSync(file, 'utf8'))
    const isAlive = () => known?.pid !== undefined && identify(known.pid)?.startedAt === known.startedAt
    while (isAlive() && Date.now() < deadline) await sleep(50)
    if (isAlive()) process.kill(known!.pid!, 'SIGKILL')
    while (isAlive()) await sleep(20)
    rmSync(file, { force: true })
  }
}

function parse(text: string): { pid?: number; startedAt?: string } | undefined {
  try {
    return JSON.parse(text) as { pid?: number; startedAt?: string }
  } catch {
    return undefined
  }
}

/** Compiled code is kept from start to start: it halves what a service needs to come up. */
const inheritedEnv = (dataDirectory: string): Record<string, string> => ({
  NODE_COMPILE_CACHE: join(dataDirectory, 'cache'),
  ...Object.fromEntries(INHERITED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
})

/** Appends; a file over 20 MB is set aside first. */
function openLog(file: string): number {
  if (existsSync(file) && statSync(file).size > LOG_BYTES) renameSync(file, `${file}.1`)
  return openSync(file, 'a')
}

/** The last line that says something, from where this attempt began to write. */
function lastWords(file: string, from: number): string {
  const lines = readFileSync(file).subarray(from).toString('utf8').trim().split('\n')
  const messages = lines.flatMap((line) => {
    try {
      const { level, msg } = JSON.parse(line) as { level?: number; msg?: string }
      return level !== undefined && level >= 50 && msg ? [msg] : []
    } catch {
      return /^\w*Error\b.*:/.test(line) ? [line] : []
    }
  })
  return `${messages.at(-1) ?? lines.slice(-3).join(' | ')} (log: ${file})`
}

import { spawn, type SpawnOptions } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, openSync, closeSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { packagedBinaries, SERVER_USER, type Binaries } from './postgres-home.ts'
import { identify } from './process-identity.ts'

export interface PostgresOptions {
  /** The data directory; made when it is missing. */
  directory: string
  port: number
  /** The superuser `postgres`'s password. */
  password: string
  /** Extra server settings: `{ fsync: 'off' }` for tests. */
  settings?: Record<string, string>
  /** Beside the data directory unless given. */
  logFile?: string
  /** Those of the npm package unless given. */
  binaries?: Binaries
}

export interface RunningPostgres {
  /** The superuser's address of a database. */
  url(database?: string): string
  pid: number
  /** A fast shutdown: open transactions are rolled back, nothing committed is lost. */
  stop(): Promise<void>
}

const asServer: SpawnOptions = SERVER_USER ?? {}
const READY_MS = 30_000

/**
 * Starts the Postgres server that ships in an npm package, or adopts the one that already serves this data directory (after the
 * launcher was killed). It runs in a session of its own, so that Ctrl-C does not stop it before the services have drained.
 * @throws when the server does not answer within 30 s; the message has the end of its log
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { directory, port, password, logFile = `${directory}.log`, binaries = await packagedBinaries() } = options
  const url = (database = 'postgres') => `postgresql://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`
  if (!existsSync(`${directory}/PG_VERSION`)) await initialise(binaries.initdb, directory, password)
  const deadline = Date.now() + READY_MS
  let reason = await ensureServer(options, binaries, logFile)
  while (Date.now() < deadline) {
    reason = await probe(url(), directory)
    if (reason === '') {
      const { pid } = runningPostgres(directory)!
      return { url, pid, stop: () => stopServer(pid, directory) }
    }
    await sleep(50)
    if (runningPostgres(directory) === undefined) await ensureServer(options, binaries, logFile)
  }
  throw new Error(`Postgres did not start (${reason}). Its log ends: ${tail(logFile, 3)}`)
}

/** The live server of this very data directory and its port; a pid that was reused by something else does not count. */
export function runningPostgres(directory: string): { pid: number; port: number } | undefined {
  const pidFile = `${directory}/postmaster.pid`
  if (!existsSync(pidFile)) return undefined
  // postmaster.pid: pid, data directory, start time, port, … (miscadmin.h, LOCK_FILE_LINE_*)
  const lines = readFileSync(pidFile, 'utf8').split('\n')
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0 || identify(pid) === undefined) return undefined
  const commandFile = `/proc/${pid}/cmdline`
  if (existsSync(commandFile) && !readFileSync(commandFile, 'utf8').split('\0').includes(directory)) return undefined
  return { pid, port: Number(lines[3]) }
}

/** Leaves a server on the right port alone; stops one on another port; starts one when none runs. */
async function ensureServer(options: PostgresOptions, binaries: Binaries, logFile: string): Promise<string> {
  const { directory, port } = options
  const running = runningPostgres(directory)
  if (running !== undefined && (running.port === port || Number.isNaN(running.port))) return 'it is starting'
  if (running !== undefined) await stopServer(running.pid, directory)
  rmSync(`${directory}/postmaster.pid`, { force: true })
  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    ...options.settings,
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const log = openSync(logFile, 'a')
  const child = spawn(binaries.postgres, ['-D', directory, ...flags], {
    detached: true,
    cwd: '/',
    env: cleanEnv(),
    stdio: ['ignore', log, log],
    ...asServer,
  })
  closeSync(log)
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code) => resolve(`it ended with code ${code}`))
  })
  child.unref()
  // A server that ends at once (its predecessor's processes are still leaving) must not be started again and again without a pause.
  return Promise.race([ended, sleep(200).then(() => 'it is starting')])
}

/** Makes the cluster aside and moves it into place whole, so that a start that is cut off leaves nothing that looks like one. */
async function initialise(initdb: string, directory: string, password: string) {
  const draft = `${directory}.new-${process.pid}`
  const passwordFile = `${draft}.password`
  mkdirSync(draft, { recursive: true, mode: 0o700 })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (asServer.uid !== undefined) for (const path of [draft, passwordFile]) chownSync(path, asServer.uid, asServer.gid!)
  const flags = [
    '-U',
    'postgres',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ]
  try {
    await run(initdb, ['-D', draft, ...flags])
    renameSync(draft, directory)
  } finally {
    for (const path of [draft, passwordFile]) rmSync(path, { recursive: true, force: true })
  }
}

function run(command: string, flags: string[]): Promise<void> {
  const child = spawn(command, flags, {
    cwd: '/',
    detached: true,
    env: cleanEnv(),
    stdio: ['ignore', 'pipe', 'pipe'],
    ...asServer,
  })
  let output = ''
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${command} failed: ${output.trim().slice(-500)}`))))
  })
}

/** Without the PG* variables of the person who starts us, which the server and initdb would obey. */
const cleanEnv = () => ({ PATH: process.env['PATH'], TZ: 'UTC', LC_ALL: 'C' })

/** Nothing when this directory's server answers, else why not. */
async function probe(url: string, directory: string): Promise<string> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const served = (await client.query<{ data_directory: string }>('show data_directory')).rows[0]!.data_directory
    return served === directory ? '' : `another server, of ${served}, answers on this port`
  } catch (error) {
    return (error as Error).message
  } finally {
    await client.end().catch(() => {})
  }
}

const tail = (file: string, lines: number) =>
  existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(-lines).join(' | ') : ''

/** Stops the server of a data directory, if one runs. */
export async function stopRunningPostgres(directory: string): Promise<void> {
  const running = runningPostgres(directory)
  if (running !== undefined) await stopServer(running.pid, directory)
}

async function stopServer(pid: number, directory: string) {
  const known = identify(pid)
  const isAlive = () => known !== undefined && identify(pid)?.startedAt === known.startedAt
  if (isAlive()) process.kill(pid, 'SIGINT')
  const deadline = Date.now() + 20_000
  while (isAlive() && Date.now() < deadline) await sleep(20)
  if (isAlive()) process.kill(pid, 'SIGKILL')
  if (runningPostgres(directory) === undefined) rmSync(`${directory}/postmaster.pid`, { force: true })
}

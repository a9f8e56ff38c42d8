import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { repositoryPath } from '../local/data-directory.ts'
import { createDatabase, ROLES, type Role } from '../local/database.ts'
import { findFreeBase } from '../local/ports.ts'
import { findPostgresHome, removeOutsideHome } from '../local/postgres-home.ts'
import { runningPostgres, startPostgres, type PostgresOptions } from '../local/postgres.ts'
import { endWithProcess } from './end-with.ts'

/** As the workflow subgraph's `crash/messages.ts` has it: infra starts its programs and imports none. */
export interface CrashReport {
  name: string
  ms: number
  runs: number
  decisions: number
  effects: number
  kills: number
  pauses: number
  restarts: number
  drains: number
  violations: Record<'lostRuns' | 'lostDecisions' | 'duplicateEffects' | 'staleWrites' | 'lostEvents', string[]>
}

type FromDriver = { type: 'restart' } | { type: 'report'; report: CrashReport } | { type: 'failed'; reason: string }

const DRIVER = repositoryPath('subgraphs/workflow/dist/crash/crash.main.js')

/** A Postgres for the crash test alone. Without `fsync`: a server that is killed loses nothing by that, only a machine would. */
class CrashDatabase implements AsyncDisposable {
  readonly url: string
  /** A directory that goes with it. */
  readonly scratch: string
  readonly #directory: string
  readonly #options: PostgresOptions

  private constructor(directory: string, options: PostgresOptions, url: string) {
    this.url = url
    this.scratch = join(directory, 'compiled')
    this.#directory = directory
    this.#options = options
  }

  static async start(): Promise<CrashDatabase> {
    const directory = mkdtempSync(join(tmpdir(), 'signalbox-crash-'))
    chmodSync(directory, 0o755)
    const home = await findPostgresHome(directory)
    const options = { ...home, port: await findFreeBase(), password: 'test', settings: { fsync: 'off' } }
    const server = await startPostgres(options)
    endWithProcess(() => runningPostgres(home.directory)?.pid)
    const passwords = Object.fromEntries(ROLES.map((role) => [role, 'test'])) as Record<Role, string>
    await createDatabase(server.url, 'signalbox_empty', passwords)
    return new CrashDatabase(directory, options, server.url())
  }

  /** Ends the server as `pg_ctl stop -m immediate` does, and starts it again. */
  async restart(): Promise<void> {
    const { directory } = this.#options
    const pid = runningPostgres(directory)!.pid
    process.kill(pid, 'SIGQUIT')
    while (runningPostgres(directory)?.pid === pid) await sleep(10)
    await startPostgres(this.#options)
  }

  async [Symbol.asyncDispose]() {
    await (await startPostgres(this.#options)).stop()
    removeOutsideHome(this.#directory)
    rmSync(this.#directory, { recursive: true, force: true })
  }
}

type OnReport = (report: CrashReport) => void

/**
 * Gives what the seeds' trials report, as it comes. Most of a trial is waiting for leases to end, so several go on beside each other.
 * @param beside how many, each on a database server of its own
 */
export async function runSeeds(seeds: number[], onReport: OnReport, beside = 2): Promise<void> {
  await Promise.all(sharesOf(seeds, beside).map((share) => onOwnDatabase([[share.join(',')]], onReport)))
}

/** Ends the first worker of each of the workflows before and after each of its statements. */
export async function runSweeps(workflows: string[], onReport: OnReport, beside = 2): Promise<void> {
  const jobs = sharesOf(workflows, beside).map((share) => share.map((name) => ['sweep', name]))
  await Promise.all(jobs.map((share) => onOwnDatabase(share, onReport)))
}

const sharesOf = <T>(list: T[], count: number) =>
  Array.from({ length: Math.min(count, list.length) }, (_, which) => list.filter((_one, index) => index % count === which))

async function onOwnDatabase(jobs: string[][], onReport: OnReport): Promise<void> {
  const database = await CrashDatabase.start()
  try {
    for (const args of jobs) await drive(database, args, onReport)
  } finally {
    await database[Symbol.asyncDispose]()
  }
}

/**
 * Runs the driver with those arguments and gives what it reports, as it comes.
 * @throws with the driver's reason when it fails
 */
async function drive(database: CrashDatabase, args: string[], onReport: OnReport): Promise<void> {
  const driver: ChildProcess = fork(DRIVER, args, {
    env: { ...process.env, TEST_DATABASE_URL: database.url, NODE_OPTIONS: '', NODE_COMPILE_CACHE: database.scratch },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  let reason = 'the driver of the crash test broke off'
  driver.on('message', (message: FromDriver) => {
    if (message.type === 'restart') void database.restart().then(() => driver.send({ type: 'restarted' }))
    else if (message.type === 'report') onReport(message.report)
    else reason = message.reason
  })
  const [code] = (await once(driver, 'exit')) as [number | null]
  if (code !== 0) throw new Error(reason)
}

/** The violations of a report, each with its kind. */
export const faultsOf = ({ violations }: CrashReport): string[] =>
  Object.entries(violations).flatMap(([kind, list]) => list.map((one) => `${kind}: ${one}`))

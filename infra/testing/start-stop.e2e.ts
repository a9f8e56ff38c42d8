import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { repositoryPath } from '../local/data-directory.ts'
import { lockHolder } from '../local/lock.ts'
import { findFreeBase } from '../local/ports.ts'
import { knownPostgresDirectory } from '../local/postgres-home.ts'
import { runningPostgres } from '../local/postgres.ts'

/** `npm start` in a clone of what is committed, as somebody who just found the project would run it. */
describe('npm start in a fresh clone', () => {
  const place = mkdtempSync(join(tmpdir(), 'signalbox-clone-'))
  const clone = join(place, 'signalbox')
  const data = join(clone, '.data')
  let base: number
  let running: Npm

  beforeAll(async () => {
    base = await findFreeBase()
    const cloned = spawnSync('git', ['clone', '--quiet', '--no-hardlinks', repositoryPath(), clone], { encoding: 'utf8' })
    if (cloned.status !== 0) throw new Error(cloned.stderr)
  })

  afterAll(async () => {
    await running?.interrupt()
    await npm(clone, ['run', 'reset']).ended
    rmSync(place, { recursive: true, force: true })
  })

  const start = () => npm(clone, ['start', '--', '--port', String(base)])
  const url = (path: string) => `http://127.0.0.1:${base}${path}`

  it('installs, builds, starts and tells where it is', async () => {
    running = start()
    await running.says(`Signalbox runs at  http://127.0.0.1:${base}`)
    expect(running.output).toContain(`Mail inbox         http://127.0.0.1:${base + 8}`)
    expect(running.output).toContain('owner@harbour.example')
    expect((await fetch(url('/health'))).status).toBe(200)
    expect((await fetch(url('/ready'))).status).toBe(200)
    expect(await (await fetch(url('/'))).text()).toContain('<html')
    expect(statusOf(clone)).toBe('')
  }, 300_000)

  it('refuses a second start, a taken port and a reset meanwhile, in one line each', async () => {
    const second = start()
    expect(await second.ended).toBe(1)
    expect(second.output).toContain(`✗ Signalbox runs already, at http://127.0.0.1:${base}`)
    const reset = npm(clone, ['run', 'reset'])
    expect(await reset.ended).toBe(1)
    expect(reset.output).toContain('✗ Signalbox is running')
    const elsewhere = npm(clone, ['start', '--', '--port', String(base)], { SIGNALBOX_DATA_DIR: join(place, 'other') })
    expect(await elsewhere.ended).toBe(1)
    expect(elsewhere.output).toMatch(/✗ Ports .*\(gateway\).* are in use\. Move Signalbox with: npm start -- --port \d+/)
    expect((await fetch(url('/health'))).status).toBe(200)
  }, 60_000)

  it('stops everything on Ctrl-C and leaves no process', async () => {
    await remember(data, base)
    expect([0, 130]).toContain(await running.interrupt())
    expect(running.output).toMatch(/• stopped; the data stays for the next start\s*$/)
    expect(running.output.match(/• stopping/g)).toHaveLength(1)
    expect(processesOf(clone)).toEqual([])
    expect(existsSync(join(data, 'lock'))).toBe(false)
  }, 60_000)

  it('finds its data again after kill -9 of Postgres and of the launcher', async () => {
    running = start()
    await running.says('Signalbox runs at')
    process.kill(runningPostgres(knownPostgresDirectory(data))!.pid, 'SIGKILL')
    await running.says('postgres runs again')
    process.kill(lockHolder(join(data, 'lock'))!.pid, 'SIGKILL')
    expect(await running.ended).toBe(1)

    running = start()
    await running.says('Signalbox runs at')
    expect(await remembered(data, base)).toBe(1)
    expect((await fetch(url('/ready'))).status).toBe(200)
    expect([0, 130]).toContain(await running.interrupt())
    expect(processesOf(clone)).toEqual([])
  }, 240_000)
})

interface Npm {
  readonly output: string
  /** The exit code; 130 when it ended by SIGINT, as a shell counts it (npm's own shell does, after the script has stopped everything). */
  ended: Promise<number | null>
  says(text: string): Promise<void>
  /** Ctrl-C: SIGINT to the whole process group, as a terminal does it. */
  interrupt(): Promise<number | null>
}

function npm(cwd: string, args: string[], env: Record<string, string> = {}): Npm {
  const child: ChildProcess = spawn('npm', args, {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...cleanEnv(), npm_config_prefer_offline: 'true', npm_config_update_notifier: 'false', ...env },
  })
  let output = ''
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ended = new Promise<number | null>((resolve) =>
    child.once('close', (code, signal) => resolve(signal === 'SIGINT' ? 130 : code)),
  )
  return {
    get output() {
      return output
    },
    ended,
    async says(text) {
      while (!output.includes(text)) {
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`npm ended without saying "${text}":\n${output}`)
        await sleep(50)
      }
    },
    async interrupt() {
      if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGINT')
      return ended
    },
  }
}

/** As from a shell: without what npm and Jest put into the environment of their children. */
const cleanEnv = () =>
  Object.fromEntries(
    Object.entries(process.env)
      .filter(([name]) => !/^(npm_(lifecycle|package|command|execpath|node_execpath)|NODE_|JEST|SIGNALBOX_|INIT_CWD)/.test(name))
      .map(([name, value]) => [name, name === 'PATH' ? withoutOurs(value!) : value!]),
  )

const withoutOurs = (path: string) =>
  path
    .split(':')
    .filter((part) => !part.includes('node_modules'))
    .join(':')

const statusOf = (clone: string) => spawnSync('git', ['status', '--porcelain'], { cwd: clone, encoding: 'utf8' }).stdout

/** Live processes that run something of the clone, or on its data. */
function processesOf(clone: string): string[] {
  if (process.platform !== 'linux') return []
  const directory = knownPostgresDirectory(join(clone, '.data'))
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        const place = readlinkSync(`/proc/${pid}/cwd`)
        return [line, place].some((text) => text.includes(clone) || text.includes(directory)) ? [line] : []
      } catch {
        return []
      }
    })
}

async function withDatabase<T>(data: string, base: number, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const password = readFileSync(join(data, 'secrets/postgres-password'), 'utf8')
  const client = new pg.Client({ connectionString: `postgresql://postgres:${password}@127.0.0.1:${base + 4}/signalbox` })
  await client.connect()
  return use(client).finally(() => client.end())
}

const remember = (data: string, base: number) =>
  withDatabase(data, base, (client) =>
    client.query('create table public.remembered (id int); insert into public.remembered values (1)'),
  )

const remembered = (data: string, base: number) =>
  withDatabase(data, base, async (client) => (await client.query<{ id: number }>('select id from public.remembered')).rows[0]?.id)

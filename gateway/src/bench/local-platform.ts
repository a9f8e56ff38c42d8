import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const repository = fileURLToPath(new URL('../../../', import.meta.url))
const READY_MS = 180_000

export interface LocalPlatform extends AsyncDisposable {
  url: string
  /** The mail inbox's. */
  inboxUrl: string
  clientSecret: string
  /** Its log files, should something go wrong. */
  directory: string
}

/**
 * The platform of `npm start` with data of its own in a temporary directory, which is removed with it.
 * @param port of the gateway; the other parts follow
 * @param settings of the services, beside their defaults
 */
export async function startLocalPlatform(port?: number, settings: Record<string, string> = {}): Promise<LocalPlatform> {
  const directory = mkdtempSync(join(tmpdir(), 'signalbox-bench-'))
  chmodSync(directory, 0o755)
  const base = port ?? (await freeBase())
  const env = { ...process.env, ...settings, SIGNALBOX_DATA_DIR: directory, LOG_LEVEL: 'warn' }
  // A session of its own: Ctrl-C reaches it through us, once the bench has let go.
  const child = spawn(process.execPath, ['infra/local/start.ts', '--port', String(base)], {
    cwd: repository,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const stop = async () => {
    await end(child)
    rmSync(directory, { recursive: true, force: true })
  }
  try {
    await untilStarted(child)
    const clientSecret = readFileSync(join(directory, 'secrets/cli-client-secret'), 'utf8').trim()
    const at = (offset: number) => `http://127.0.0.1:${base + offset}`
    return { url: at(0), inboxUrl: at(8), clientSecret, directory, [Symbol.asyncDispose]: stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Ready when it says where it runs. */
async function untilStarted(child: ChildProcess) {
  let output = ''
  const collect = (chunk: Buffer) => (output += chunk.toString())
  child.stdout!.on('data', collect)
  child.stderr!.on('data', collect)
  const deadline = Date.now() + READY_MS
  while (!output.includes('Signalbox runs at')) {
    if (child.exitCode !== null) throw new Error(`The platform did not start:\n${output.trim()}`)
    if (Date.now() > deadline) throw new Error(`The platform was not ready after ${READY_MS / 1000} s:\n${output.trim()}`)
    await sleep(100)
  }
}

async function end(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const forced = setTimeout(() => child.kill('SIGKILL'), 45_000)
  await ended
  clearTimeout(forced)
}

async function freeBase(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return Math.min(port, 65_000)
}

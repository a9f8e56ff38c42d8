import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../nginx/', import.meta.url))
const BINARY = '/usr/sbin/nginx'
const MIME_TYPES = '/etc/nginx/mime.types'

/** `npm test` installs it where it may (`run-tests.ts`). */
export const hasNginx = existsSync(BINARY) && existsSync(MIME_TYPES)

export interface NginxOptions {
  /** Ends TLS with a certificate for `localhost` that is made here. */
  tls?: boolean
  /** Port of the gateway behind it. */
  gateway: number
  /** What to put in place of what in the committed files: shorter times, other rates, another allow-list. */
  changes?: readonly (readonly [committed: string, here: string])[]
  /** In place of `allow.conf`. */
  allow?: string
}

/** Debian's nginx with the committed configuration, in a folder and on ports of its own. */
export class Nginx implements AsyncDisposable {
  #process: ChildProcess | undefined

  readonly directory: string
  /** Where clients come in: HTTP, or TLS when that is asked for. */
  readonly port: number
  /** Plain HTTP when `port` speaks TLS. */
  readonly plainPort: number
  readonly #healthPort: number

  private constructor(directory: string, port: number, plainPort: number, healthPort: number) {
    this.directory = directory
    this.port = port
    this.plainPort = plainPort
    this.#healthPort = healthPort
  }

  /** Resolves when it answers. @throws with what `nginx -t` says, or when a change finds nothing to change */
  static async start({ tls = false, gateway, changes = [], allow }: NginxOptions): Promise<Nginx> {
    const directory = mkdtempSync(join(tmpdir(), 'signalbox-nginx-'))
    chmodSync(directory, 0o755)
    const [plain, secure, health] = [await freePort(), await freePort(), await freePort()]
    const nginx = new Nginx(directory, tls ? secure : plain, plain, health)
    nginx.#configure(
      new Map([
        ['gateway:4000', gateway],
        ['listen 8080', plain],
        ['listen 8443', secure],
        ['127.0.0.1:8081', health],
      ]),
      changes,
    )
    cpSync(join(directory, tls ? 'https.conf' : 'http.conf'), join(directory, 'server.conf'))
    if (allow !== undefined) writeFileSync(join(directory, 'allow.conf'), allow)
    if (tls) makeCertificate(join(directory, 'tls'))
    nginx.check()
    await nginx.#run()
    return nginx
  }

  /** The certificate of its own authority, for clients to trust. */
  get ca(): string {
    return readFileSync(join(this.directory, 'tls/fullchain.pem'), 'utf8')
  }

  /** `nginx -t`. @throws with what it says; also for a warning */
  check() {
    const { status, stderr } = spawnSync(BINARY, ['-t', ...this.#flags()], { encoding: 'utf8' })
    if (status !== 0 || /\[(emerg|alert|crit|error)\]/.test(stderr)) throw new Error(stderr)
  }

  async [Symbol.asyncDispose]() {
    const child = this.#process
    if (child !== undefined && child.exitCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
    }
    rmSync(this.directory, { recursive: true, force: true })
  }

  #flags = () => ['-p', this.directory, '-c', join(this.directory, 'nginx.conf')]

  #configure(ports: Map<string, number>, changes: readonly (readonly [string, string])[]) {
    cpSync(folder, this.directory, { recursive: true })
    const files = readdirSync(this.directory).filter((file) => file.endsWith('.conf'))
    const texts = new Map(files.map((name) => [name, readFileSync(join(this.directory, name), 'utf8')]))
    for (const [committed, here] of changes) {
      const changed = [...texts].filter(([, text]) => text.includes(committed))
      if (changed.length === 0) throw new Error(`nothing to change: ${committed}`)
      for (const [name, text] of changed) texts.set(name, text.replaceAll(committed, here))
    }
    for (const [name, text] of texts) writeFileSync(join(this.directory, name), this.#placed(text, ports))
  }

  /** With this folder and these ports in place of the container's. */
  #placed(text: string, ports: Map<string, number>): string {
    const placed = text
      .replaceAll('/tmp/', `${this.directory}/`)
      .replaceAll(MIME_TYPES, '<mime>')
      .replaceAll('/etc/nginx/', `${this.directory}/`)
      .replaceAll('<mime>', MIME_TYPES)
      .replaceAll('/dev/stderr', `${this.directory}/error.log`)
      .replaceAll('/dev/stdout', `${this.directory}/access.log`)
    return [...ports].reduce((all, [committed, port]) => {
      return all.replaceAll(committed, committed.startsWith('listen') ? `listen 127.0.0.1:${port}` : `127.0.0.1:${port}`)
    }, placed)
  }

  async #run() {
    this.#process = spawn(BINARY, [...this.#flags(), '-g', 'daemon off;'], { stdio: 'ignore' })
    for (let tries = 0; tries < 200; tries++) {
      if (await accepts(this.#healthPort)) return
      await sleep(25)
    }
    throw new Error(`nginx does not answer: ${readFileSync(join(this.directory, 'error.log'), 'utf8')}`)
  }
}

/** The committed example of an allow-list. */
export const exampleAllowList = () => readFileSync(join(folder, 'allow.example.conf'), 'utf8')

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const accepts = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => (socket.destroy(), resolve(true)))
    socket.once('error', () => resolve(false))
  })

/** A certificate for `localhost` that signs itself. */
function makeCertificate(directory: string) {
  mkdirSync(directory, { recursive: true })
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const files = ['-keyout', join(directory, 'privkey.pem'), '-out', join(directory, 'fullchain.pem')]
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1']
  const { status, stderr } = spawnSync('openssl', ['req', '-x509', ...key, ...subject, ...files], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

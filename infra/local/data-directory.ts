import { accessSync, chmodSync, constants, mkdirSync, readdirSync, statfsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { LocalFault } from './fault.ts'

const REPOSITORY = resolve(import.meta.dirname, import.meta.dirname.includes('/dist/') ? '../../..' : '../..')
export const repositoryPath = (...parts: string[]): string => join(REPOSITORY, ...parts)

const NEEDED_BYTES = 1024 ** 3

/** Where all of the local platform's data lies: `SIGNALBOX_DATA_DIR`, else `.data/` in the clone. */
export const defaultDataDirectory = (): string => resolve(process.env['SIGNALBOX_DATA_DIR'] || repositoryPath('.data'))

/** Makes the directory, private to its owner. @throws {LocalFault} when it cannot be used or its disk is nearly full */
export function openDataDirectory(directory: string, neededBytes = NEEDED_BYTES): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    for (const part of ['logs', 'run']) mkdirSync(join(directory, part), { recursive: true, mode: 0o700 })
    readdirSync(directory)
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK)
    // Postgres cannot run as root: its user must be able to pass through here.
    chmodSync(directory, process.getuid?.() === 0 ? 0o711 : 0o700)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new LocalFault(
      `The data directory ${directory} cannot be used (${code}). Check its owner and rights, or set SIGNALBOX_DATA_DIR.`,
    )
  }
  const { bavail, bsize } = statfsSync(directory)
  const free = bavail * bsize
  if (free < neededBytes) {
    throw new LocalFault(
      `Too little disk for ${directory}: ${mebibytes(free)} MiB are free, ${mebibytes(neededBytes)} MiB are needed.`,
    )
  }
}

const mebibytes = (bytes: number) => Math.floor(bytes / 1024 ** 2)

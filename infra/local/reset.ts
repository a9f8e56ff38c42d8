import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { defaultDataDirectory } from './data-directory.ts'
import { LocalFault } from './fault.ts'
import { acquireLock, LockedError } from './lock.ts'
import { endLeftovers } from './managed-process.ts'
import { knownPostgresDirectory, removeOutsideHome } from './postgres-home.ts'
import { stopRunningPostgres } from './postgres.ts'
import { SERVICES, STORES } from './services.ts'

/** Empties the data directory. @throws {LocalFault} while the platform runs, or when the directory is somebody else's */
export async function resetData(directory: string): Promise<'emptied' | 'nothing there'> {
  const entries = existsSync(directory) ? readdirSync(directory) : []
  if (entries.length === 0) return 'nothing there'
  if (!entries.includes('secrets') && !entries.includes('lock') && !entries.includes('run')) {
    throw new LocalFault(`${directory} does not look like Signalbox's data: nothing was removed.`)
  }
  const lock = takeLock(directory)
  await endLeftovers(directory, [...SERVICES, ...STORES])
  await stopRunningPostgres(knownPostgresDirectory(directory))
  removeOutsideHome(directory)
  for (const name of readdirSync(directory)) if (name !== 'lock') rmSync(join(directory, name), { recursive: true, force: true })
  lock.release()
  return 'emptied'
}

function takeLock(directory: string) {
  try {
    return acquireLock(join(directory, 'lock'), 'npm run reset')
  } catch (error) {
    if (!(error instanceof LockedError)) throw error
    throw new LocalFault(`Signalbox is running (${error.holder.where}, process ${error.holder.pid}). Stop it first with Ctrl-C.`)
  }
}

if (import.meta.main) {
  try {
    const directory = defaultDataDirectory()
    const outcome = await resetData(directory)
    console.log(
      outcome === 'emptied'
        ? `• ${directory} is empty; the next npm start makes everything new`
        : `• ${directory}: nothing to remove`,
    )
  } catch (error) {
    console.error(`✗ ${(error as Error).message}`)
    process.exitCode = 1
  }
}

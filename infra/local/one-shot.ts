import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { defaultDataDirectory, repositoryPath } from './data-directory.ts'
import { LocalFault } from './fault.ts'
import { lockHolder } from './lock.ts'
import { portsFrom } from './ports.ts'
import { loadSecrets } from './secrets.ts'
import type { Settings } from './services.ts'

/**
 * Runs a service's one-shot with this process's arguments and exit code. It is told where things are by the environment when `given` is
 * set there, else it gets what `envOf` makes of the platform that runs on this machine.
 */
export function runOneShot(script: string, given: string, envOf: (settings: Settings) => Record<string, string>) {
  try {
    const env = process.env[given] ? {} : envOf(runningPlatform())
    const { status } = spawnSync(process.execPath, [repositoryPath(script), ...process.argv.slice(2)], {
      stdio: 'inherit',
      env: { ...process.env, ...env },
    })
    process.exitCode = status ?? 1
  } catch (error) {
    console.error(`✗ ${(error as Error).message}`)
    process.exitCode = 1
  }
}

/** @throws {LocalFault} when none runs */
function runningPlatform(): Settings {
  const dataDirectory = defaultDataDirectory()
  const holder = lockHolder(join(dataDirectory, 'lock'))
  if (holder === undefined) throw new LocalFault('Signalbox does not run here. Start it first: npm start')
  const ports = portsFrom(Number(new URL(holder.where).port))
  return { ports, secrets: loadSecrets(dataDirectory, true), dataDirectory, extra: {} }
}

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { defaultDataDirectory, repositoryPath } from './data-directory.ts'
import { LocalFault } from './fault.ts'
import { lockHolder } from './lock.ts'
import { portsFrom } from './ports.ts'
import { loadSecrets } from './secrets.ts'
import { databaseUrl } from './services.ts'

/**
 * `npm run keys:rotate [-- --help]`: the one-shot of the auth subgraph, told where things are: by the environment (DATABASE_URL,
 * AUTH_SECRET or its _FILE), else those of the platform that runs on this machine.
 */
function localEnv(): Record<string, string> {
  const dataDirectory = defaultDataDirectory()
  const holder = lockHolder(join(dataDirectory, 'lock'))
  if (holder === undefined) throw new LocalFault('Signalbox does not run here. Start it first: npm start')
  const ports = portsFrom(Number(new URL(holder.where).port))
  const settings = { ports, secrets: loadSecrets(dataDirectory, true), dataDirectory, extra: {} }
  return { DATABASE_URL: databaseUrl(settings, 'auth_app'), AUTH_SECRET: settings.secrets['auth-secret'] }
}

try {
  const env = process.env['DATABASE_URL'] ? {} : localEnv()
  const script = repositoryPath('subgraphs/auth/dist/rotate-keys.main.js')
  const { status } = spawnSync(process.execPath, [script, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  process.exitCode = status ?? 1
} catch (error) {
  console.error(`✗ ${(error as Error).message}`)
  process.exitCode = 1
}

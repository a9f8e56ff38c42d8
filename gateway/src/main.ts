import { readFile } from 'node:fs/promises'
import { EnvError } from '@signalbox/shared/env'
import { createLogger } from '@signalbox/shared/logger'
import { runService } from '@signalbox/shared/process'
import { readGatewayEnv } from './env.ts'
import { createGateway } from './gateway.ts'

const bootLog = createLogger('gateway', 'info')

await runService(bootLog, async () => {
  const { logLevel, supergraph, ...env } = readGatewayEnv()
  const log = createLogger('gateway', logLevel)
  const gateway = await createGateway({ ...env, log, supergraphSdl: await readSupergraph(supergraph) })
  log.info({ listening: gateway.address, dashboard: env.webDir !== null }, 'listening')
  return gateway
})

function readSupergraph(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new EnvError(`SUPERGRAPH: cannot read ${path} (${error.code}); "npm run schema" composes it`)
  })
}

import { readFile } from 'node:fs/promises'
import { createLogger } from '@signalbox/shared/logger'
import { runService } from '@signalbox/shared/process'
import { readGatewayEnv } from './env.ts'
import { createGateway } from './gateway.ts'

const bootLog = createLogger('gateway', 'info')

await runService(bootLog, async () => {
  const { logLevel, supergraph, ...env } = readGatewayEnv()
  const log = createLogger('gateway', logLevel)
  const gateway = await createGateway({ ...env, log, supergraphSdl: await readFile(supergraph, 'utf8') })
  log.info({ listening: gateway.address, dashboard: env.webDir !== null }, 'listening')
  return gateway
})

import 'reflect-metadata'
import { createLogger } from '@signalbox/shared/logger'
import { startEngine } from '../engine/engine.ts'
import type { EngineTools } from '../engine/session.ts'
import { testTools } from './tools.ts'

/** A worker process for crash tests: `HANG_IN` names the tool in which it hangs for good. Tells its parent once it runs. */
const hangIn = process.env['HANG_IN']
const forever = () => new Promise<never>(() => {})
const tools: EngineTools = { ...testTools(), callN8n: async () => ({ status: 200 }) }
if (hangIn === 'decide') tools.model = { ...tools.model, decide: forever }
else if (hangIn === 'callN8n') tools.callN8n = forever
else throw new Error('HANG_IN must name a tool')

startEngine({
  databaseUrl: process.env['DATABASE_URL']!,
  tools: async () => tools,
  log: createLogger('test', 'silent'),
  concurrency: 4,
  leaseMs: 1_000,
  pollMs: 100,
  drainMs: 1_000,
})
process.on('disconnect', () => process.exit(0))
process.send!('started')

import 'reflect-metadata'
import { createLogger } from '@signalbox/shared/logger'
import { startEngine } from '../engine/engine.ts'
import type { EngineTools } from '../engine/session.ts'
import { testModel, testTools, toolsOf } from './tools.ts'

/** A worker process for crash tests: `HANG_IN` names the tool in which it hangs for good. Tells its parent once it runs. */
const hangIn = process.env['HANG_IN']
const forever = () => new Promise<never>(() => {})
const n8n = hangIn === 'n8n' ? forever : async () => ({ status: 200 })
const tools: EngineTools = { ...testTools(), tools: toolsOf({ n8n }) }
if (hangIn === 'decide') tools.modelNamed = () => ({ ...testModel, decide: forever })
else if (hangIn !== 'n8n') throw new Error('HANG_IN must name a tool')

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

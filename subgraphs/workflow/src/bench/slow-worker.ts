import 'reflect-metadata'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLogger } from '@signalbox/shared/logger'
import { startEngine } from '../engine/engine.ts'
import { testModel, testTools } from '../testing/tools.ts'

/** A worker whose model takes 100 ms, as the quickest do: with much less, two workers and Postgres share what the cores of a small machine give. */
startEngine({
  databaseUrl: process.env['DATABASE_URL']!,
  tools: async () => ({
    ...testTools(),
    modelNamed: () => ({ ...testModel, decide: async (request) => (await sleep(100), testModel.decide(request)) }),
  }),
  log: createLogger('bench', 'error'),
  concurrency: 8,
  leaseMs: 10_000,
  pollMs: 1_000,
  drainMs: 5_000,
})
process.on('disconnect', () => process.exit(0))

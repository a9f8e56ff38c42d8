import 'reflect-metadata'
import { createLogger } from '@signalbox/shared/logger'
import { runService } from '@signalbox/shared/process'
import { readWorkerEnv } from './env.ts'
import { startWorker } from './worker.ts'

await runService(createLogger('workflow-worker', 'info'), () => startWorker(readWorkerEnv()))

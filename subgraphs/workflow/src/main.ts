import 'reflect-metadata'
import { createLogger } from '@signalbox/shared/logger'
import { runService } from '@signalbox/shared/process'
import { startApp } from './app.ts'
import { readApiEnv } from './env.ts'

await runService(createLogger('workflow', 'info'), () => startApp(readApiEnv()))

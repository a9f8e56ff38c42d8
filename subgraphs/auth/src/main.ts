import 'reflect-metadata'
import { createLogger } from '@signalbox/shared/logger'
import { runService } from '@signalbox/shared/process'
import { startApp } from './app.ts'
import { readAuthEnv } from './env.ts'

await runService(createLogger('auth', 'info'), () => startApp(readAuthEnv()))

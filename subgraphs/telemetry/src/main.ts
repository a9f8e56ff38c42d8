import { createLogger } from '@signalbox/shared/logger'
import { runService } from '@signalbox/shared/process'
import { startApp } from './app.ts'
import { readTelemetryEnv } from './env.ts'

await runService(createLogger('telemetry', 'info'), () => startApp(readTelemetryEnv()))

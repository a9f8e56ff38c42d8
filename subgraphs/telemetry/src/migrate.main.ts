import { readEnv } from '@signalbox/shared/env'
import { z } from 'zod'
import { migrateTelemetry } from './migrations.ts'

const { DATABASE_OWNER_URL } = readEnv({ DATABASE_OWNER_URL: z.url() })
const ran = await migrateTelemetry(DATABASE_OWNER_URL)
console.log(ran.length === 0 ? 'telemetry: nothing to migrate' : `telemetry: ${ran.join(', ')}`)

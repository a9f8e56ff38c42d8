import { readEnv } from '@signalbox/shared/env'
import { z } from 'zod'
import { migrateAuth } from './migrations.ts'

const { DATABASE_OWNER_URL } = readEnv({ DATABASE_OWNER_URL: z.url() })
const ran = await migrateAuth(DATABASE_OWNER_URL)
console.log(ran.length === 0 ? 'auth: nothing to migrate' : `auth: ${ran.join(', ')}`)

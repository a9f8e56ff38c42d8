import { z } from 'zod'
import { readEnv } from '../env.ts'
import { migrateEvents } from './migrate.ts'

const { DATABASE_OWNER_URL } = readEnv({ DATABASE_OWNER_URL: z.url() })
const ran = await migrateEvents(DATABASE_OWNER_URL)
console.log(ran.length === 0 ? 'events: nothing to migrate' : `events: ${ran.join(', ')}`)

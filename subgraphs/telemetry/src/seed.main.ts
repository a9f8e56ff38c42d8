import { readEnv } from '@signalbox/shared/env'
import { createOrm } from '@signalbox/shared/orm'
import { z } from 'zod'
import { seedDemo } from './seed.ts'

const { DATABASE_URL } = readEnv({ DATABASE_URL: z.url() })
const orm = await createOrm({ url: DATABASE_URL, schema: 'telemetry', entities: [] })
try {
  await seedDemo(orm)
  console.log("telemetry: the demo workflow's baselines and engagement are there")
} finally {
  await orm.close()
}

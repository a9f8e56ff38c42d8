import { readSeedEnv } from './env.ts'
import { Secrets } from './keys/secrets.ts'
import { createAuthOrm } from './orm.ts'
import { seedDemo } from './seed.ts'

const env = readSeedEnv()
const orm = await createAuthOrm(env.DATABASE_URL)
try {
  await seedDemo(orm, new Secrets(env.AUTH_SECRET), env.CLI_CLIENT_SECRET)
  console.log('auth: the demo agency, its client, their people and the command-line client are there')
} finally {
  await orm.close()
}

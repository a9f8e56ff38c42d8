import { parseArgs } from 'node:util'
import { authFigures, type AuthMeasured } from './auth/auth-figures.ts'
import { invitePeople, measureCodes } from './auth/code-timing.ts'
import { openWebhook, rotateEncryptionKey, rotateSigningKey, type Webhook } from './auth/rotation.ts'
import { measureServiceCredential } from './auth/service-credential-cost.ts'
import { measureVerification } from './auth/token-verification.ts'
import { createTenants, interleave } from './auth/two-tenants.ts'
import { table } from './figures.ts'
import { startLocalPlatform, type LocalPlatform } from './local-platform.ts'

const USAGE = 'Usage: npm run bench:auth [-- --port N] [--requests N] [--json]'

type Measured = Omit<AuthMeasured, 'verification' | 'credential'>

/** Every service gets two database connections; limits on how often one may ask are out of the way. */
const settings = (webhook: Webhook) => ({
  DATABASE_POOL_SIZE: '2',
  EGRESS_ALLOW: webhook.origin,
  CODE_SENDS_PER_CLIENT: '100000',
  RATE_LIMIT_ADDRESS: '100000',
  RATE_LIMIT_IDENTITY: '100000',
  RATE_LIMIT_SIGN_IN: '1000000',
})

/** What takes a quiet machine comes first; tokens live five minutes, so the whole must not take longer. */
async function measure(
  { url, inboxUrl, directory, clientSecret }: LocalPlatform,
  webhook: Webhook,
  requests: number,
): Promise<Measured> {
  const tenants = await createTenants(url, inboxUrl)
  const [red, blue] = tenants
  const codes = await measureCodes(url, await invitePeople(red.owner, 60))
  console.error('interleaving the requests of two tenants')
  const interleaved = await interleave(tenants, requests)
  console.error('rotating the signing key')
  const signing = await rotateSigningKey(url, directory, clientSecret, [red.owner, blue.owner])
  console.error('rotating the encryption key')
  const encryption = await rotateEncryptionKey(directory, webhook, red.owner, blue.owner)
  return { codes, interleaved, signing, encryption }
}

/** What needs no platform, and no neighbour. */
async function measureAlone() {
  return { verification: await measureVerification(500), credential: await measureServiceCredential(2_000) }
}

async function main(words: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: words,
    options: { port: { type: 'string' }, json: { type: 'boolean' }, requests: { type: 'string', default: '10000' } },
    allowPositionals: true,
  })
  const requests = Number(values.requests)
  if (positionals.length > 0 || !Number.isInteger(requests) || requests < 1) {
    console.error(USAGE)
    return 2
  }
  const measured = await onPlatform(values.port === undefined ? undefined : Number(values.port), requests)
  const figures = authFigures({ ...measured, ...(await measureAlone()) })
  console.log(values.json ? JSON.stringify({ figures }) : table(figures))
  return figures.some(({ met }) => met === false) ? 1 : 0
}

async function onPlatform(port: number | undefined, requests: number): Promise<Measured> {
  const webhook = await openWebhook()
  console.error('starting a platform of its own')
  const platform = await startLocalPlatform(port, settings(webhook))
  const stop = () => platform[Symbol.asyncDispose]()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop().then(() => process.exit(130)))
  return measure(platform, webhook, requests).finally(async () => {
    await stop()
    webhook[Symbol.dispose]()
  })
}

process.exitCode = await main(process.argv.slice(2)).catch((error: Error) => {
  console.error(`bench: ${error.message}`)
  return 1
})

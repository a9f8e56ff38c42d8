import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPlatform, type Platform } from '../local/platform.ts'
import { findFreeBase } from '../local/ports.ts'
import { startControl } from './control.ts'

declare global {
  var testPlatform: { platform: Platform; control: AsyncDisposable; directory: string } | undefined
}

/**
 * Starts one platform for the whole-system and browser tests and says where it is: `SIGNALBOX_URL`, `SIGNALBOX_INBOX_URL`,
 * `SIGNALBOX_CLIENT_SECRET` (of `signalbox-cli`), `SIGNALBOX_DATA_DIR`, `SIGNALBOX_DATABASE_URL` (the superuser's),
 * `SIGNALBOX_KNOWLEDGE_URL` (of the knowledge index), `SIGNALBOX_GATEWAY_ENV` (what the gateway was told, as JSON: to call a subgraph as it does), and
 * `SIGNALBOX_CONTROL_URL`, through which a test stops, starts and kills parts (`control.ts`).
 */
export default async function setup() {
  const directory = mkdtempSync(join(tmpdir(), 'signalbox-system-'))
  const log = (line: string) => process.stdout.write(`  ${line}\n`)
  const unlimited = { RATE_LIMIT_ADDRESS: '100000', RATE_LIMIT_IDENTITY: '100000', RATE_LIMIT_SIGN_IN: '1000000' }
  // Tests sign in far more often than people.
  const env = { CODE_SENDS_PER_HOUR: '100000', CODE_SENDS_PER_CLIENT: '100000', ...unlimited }
  const platform = await startPlatform({ dataDirectory: directory, port: await findFreeBase(), log, env })
  const control = await startControl(platform)
  globalThis.testPlatform = { platform, control, directory }
  Object.assign(process.env, {
    SIGNALBOX_URL: platform.url,
    SIGNALBOX_INBOX_URL: platform.inboxUrl,
    SIGNALBOX_CLIENT_SECRET: platform.secrets['cli-client-secret'],
    SIGNALBOX_DATA_DIR: directory,
    SIGNALBOX_CONTROL_URL: control.url,
    SIGNALBOX_DATABASE_URL: platform.databaseUrl,
    SIGNALBOX_KNOWLEDGE_URL: platform.env.worker['KNOWLEDGE_DATABASE_URL'],
    SIGNALBOX_GATEWAY_ENV: JSON.stringify(platform.env.gateway),
  })
}

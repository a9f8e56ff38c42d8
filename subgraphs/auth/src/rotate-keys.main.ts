import { createLogger } from '@signalbox/shared/logger'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { readRotationEnv } from './env.ts'
import { recordRotation } from './keys/key-schedule.ts'
import { Secrets } from './keys/secrets.ts'
import { DRAIN_SECONDS, LEAD_SECONDS, SigningKeys, type Rotation } from './keys/signing-keys.ts'
import { createAuthOrm } from './orm.ts'

const USAGE = `Replaces the key that signs tokens, without an outage.
  --lead-seconds N   publish the new key for so long before it signs (2 or more; ${LEAD_SECONDS})
  --drain-seconds N  publish the old one for so long after that (${DRAIN_SECONDS}; fewer refuses tokens that still live)
  --wait             end when the new key signs
  --leaked           retire all keys now: every token is refused at once, and people's sessions get new ones
The environment is auth's: DATABASE_URL and AUTH_SECRET.`

/** One-shot: `npm run keys:rotate`. Exit code 0 when a key was made, 1 when not, 2 for arguments that are none of ours. */
async function main(): Promise<number> {
  const options = readOptions()
  if (options === null) return 2
  const env = readRotationEnv()
  const orm = await createAuthOrm(env.DATABASE_URL)
  try {
    const keys = new SigningKeys(orm, new Secrets(env.AUTH_SECRET))
    // A wrong AUTH_SECRET must not get as far as a key that nobody else can read.
    await keys.active()
    const rotation = options.leaked ? await keys.replace() : await keys.rotate(options)
    if (rotation === null) {
      console.error('A rotation is under way already: the last key does not sign yet. Nothing was changed.')
      return 1
    }
    await recordRotation(orm, rotation, options.leaked ? 'LEAK' : 'COMMAND', createLogger('auth', 'silent'))
    await report(rotation, options.wait)
    return 0
  } finally {
    await orm.close()
  }
}

async function report({ kid, signsFrom }: Rotation, wait: boolean) {
  console.log(JSON.stringify({ kid, signsFrom: signsFrom.toISOString() }))
  // Processes look once a second.
  if (wait) await sleep(Math.max(0, signsFrom.getTime() - Date.now()) + 1_000)
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        'lead-seconds': { type: 'string', default: String(LEAD_SECONDS) },
        'drain-seconds': { type: 'string', default: String(DRAIN_SECONDS) },
        wait: { type: 'boolean', default: false },
        leaked: { type: 'boolean', default: false },
      },
    })
    const [leadSeconds, drainSeconds] = [Number(values['lead-seconds']), Number(values['drain-seconds'])]
    if (!(leadSeconds >= 2) || !(drainSeconds >= 0)) throw new Error('--lead-seconds is 2 or more, --drain-seconds 0 or more')
    return { leadSeconds, drainSeconds, wait: values.wait, leaked: values.leaked }
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`)
    return null
  }
}

process.exitCode = await main()

/** Writes `.env` from `.env.example` with a generated secret for every one that the compose file demands. Never overwrites. */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const target = process.argv[2] ?? join(root, '.env')
const demanded = new Set(
  [...readFileSync(join(root, 'docker-compose.yml'), 'utf8').matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name),
)

const publicKeys = []
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A service's private key; its public half joins `TRUSTED_CALLERS`, which stands after them. */
function makeServiceKey(kid) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  publicKeys.push({ ...publicKey.export({ format: 'jwk' }), kid })
  return encode({ ...privateKey.export({ format: 'jwk' }), kid })
}

function makeValue(name) {
  if (name.endsWith('_SERVICE_KEY')) return makeServiceKey(name.replace('_SERVICE_KEY', '').toLowerCase())
  if (name === 'ENCRYPTION_KEYS') return encode({ current: 'k1', keys: { k1: randomBytes(32).toString('base64') } })
  return name === 'TRUSTED_CALLERS' ? encode({ keys: publicKeys }) : randomBytes(24).toString('hex')
}

const filled = readFileSync(join(root, '.env.example'), 'utf8').replace(/^(\w+)=$/gm, (line, name) =>
  demanded.has(name) ? `${name}=${makeValue(name)}` : line,
)
try {
  writeFileSync(target, filled, { flag: 'wx', mode: 0o600 })
  console.log(`${target} written; look it through.`)
} catch (error) {
  console.error(error.code === 'EEXIST' ? `${target} is there already; nothing was changed.` : error.message)
  process.exitCode = 1
}

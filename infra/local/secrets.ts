import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROLES, type Role } from './database.ts'
import { LocalFault } from './fault.ts'

const PASSWORDS = ROLES.map((role) => `password-${role}` as const)

/** Services that call one another, each as itself. */
export const SIGNING_SERVICES = ['gateway', 'auth', 'workflow', 'telemetry'] as const
const SERVICE_KEYS = SIGNING_SERVICES.map((service) => `service-key-${service}` as const)

/** One file each in `<data>/secrets`: 48 random bytes as base64url, or what `MADE_OTHERWISE` says. */
export const SECRET_NAMES = [
  'auth-secret',
  'cli-client-secret',
  'encryption-keys',
  'postgres-password',
  ...SERVICE_KEYS,
  ...PASSWORDS,
] as const
export type SecretName = (typeof SECRET_NAMES)[number]
export type Secrets = Record<SecretName, string>

/**
 * Reads the secrets and makes those that were never made. Which ones were is remembered beside them, so that a secret that a newer
 * version adds is made, while a lost one is a fault.
 * @param inUse whether databases exist that were made with the secrets
 * @throws {LocalFault} naming the secrets that are lost
 */
export function loadSecrets(dataDirectory: string, inUse: boolean): Secrets {
  const directory = join(dataDirectory, 'secrets')
  const register = join(dataDirectory, 'secrets-made')
  const fileOf = (name: SecretName) => join(directory, name)
  const made = new Set(existsSync(register) ? readFileSync(register, 'utf8').split('\n') : inUse ? SECRET_NAMES : [])
  const missing = SECRET_NAMES.filter((name) => !existsSync(fileOf(name)))
  const lost = inUse ? missing.filter((name) => made.has(name)) : []
  if (lost.length > 0) {
    const names =
      lost.length === 1 ? `The secret ${fileOf(lost[0]!)} is` : `${lost.length} secrets in ${directory} (${lost.join(', ')}) are`
    throw new LocalFault(
      `${names} lost, and the databases need what it held. Put it back from a backup, or empty all with: npm run reset`,
    )
  }
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  chmodSync(directory, 0o700)
  for (const name of missing) writeWhole(fileOf(name), makeSecret(name))
  if (missing.length > 0 || !existsSync(register)) writeWhole(register, SECRET_NAMES.join('\n'))
  return Object.fromEntries(SECRET_NAMES.map((name) => [name, readSecret(fileOf(name))])) as Secrets
}

const MADE_OTHERWISE: Partial<Record<SecretName, () => string>> = {
  'encryption-keys': makeKeyFile,
  ...Object.fromEntries(SIGNING_SERVICES.map((service) => [`service-key-${service}`, () => makeServiceKey(service)])),
}

const makeSecret = (name: SecretName) => MADE_OTHERWISE[name]?.() ?? randomBytes(48).toString('base64url')

/** The key file of envelope encryption (`subgraphs/shared/src/encryption/key-file.ts`). */
function makeKeyFile(): string {
  return JSON.stringify({ current: 'k1', keys: { k1: randomBytes(32).toString('base64') } })
}

/** A private Ed25519 key as JWK. */
function makeServiceKey(kid: string): string {
  return JSON.stringify({ ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }), kid })
}

/** The public keys of all services as JWKS: whom each of them believes. */
export function trustedCallers(secrets: Secrets): string {
  const keys = SIGNING_SERVICES.map((kid) => {
    const key = createPublicKey({ key: JSON.parse(secrets[`service-key-${kid}`]) as never, format: 'jwk' })
    return { ...key.export({ format: 'jwk' }), kid }
  })
  return JSON.stringify({ keys })
}

export const rolePasswords = (secrets: Secrets): Record<Role, string> =>
  Object.fromEntries(ROLES.map((role) => [role, secrets[`password-${role}`]])) as Record<Role, string>

function readSecret(file: string): string {
  chmodSync(file, 0o600)
  const secret = readFileSync(file, 'utf8').trim()
  if (secret.length < 32)
    throw new LocalFault(`The secret ${file} is damaged (shorter than 32 characters). Put it back from a backup.`)
  return secret
}

/** Never leaves half a file, whatever happens in between. */
function writeWhole(file: string, text: string) {
  writeFileSync(`${file}.new`, text, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

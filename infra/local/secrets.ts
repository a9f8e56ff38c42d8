import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROLES, type Role } from './database.ts'
import { LocalFault } from './fault.ts'

const PASSWORDS = ROLES.map((role) => `password-${role}` as const)

/** One file each in `<data>/secrets`: 48 random bytes as base64url. */
export const SECRET_NAMES = ['auth-secret', 'cli-client-secret', 'postgres-password', ...PASSWORDS] as const
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
  for (const name of missing) writeWhole(fileOf(name), randomBytes(48).toString('base64url'))
  if (missing.length > 0 || !existsSync(register)) writeWhole(register, SECRET_NAMES.join('\n'))
  return Object.fromEntries(SECRET_NAMES.map((name) => [name, readSecret(fileOf(name))])) as Secrets
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

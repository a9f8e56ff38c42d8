import { randomBytes } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { EnvError } from '../env.ts'
import { parseKeyFile } from './key-file.ts'

/**
 * Puts a new key into the key file and names it as current; the old ones stay. Whoever reads the file sees all of it or what was before.
 * @returns the file's new content
 * @throws {EnvError} when there is no file
 */
export function addKey(path: string | undefined): string {
  if (path === undefined)
    throw new EnvError('--add-key needs ENCRYPTION_KEYS_FILE: keys that stand in ENCRYPTION_KEYS are changed where they are set')
  const { keys } = parseKeyFile(readFileSync(path, 'utf8'))
  const highest = Math.max(0, ...[...keys.keys()].map((id) => Number(/^k(\d+)$/.exec(id)?.[1] ?? 0)))
  const current = `k${highest + 1}`
  const encoded = Object.fromEntries([...keys].map(([id, key]) => [id, key.toString('base64')]))
  const text = JSON.stringify({ current, keys: { ...encoded, [current]: randomBytes(32).toString('base64') } })
  writeFileSync(`${path}.new`, text, { mode: 0o600 })
  renameSync(`${path}.new`, path)
  return text
}

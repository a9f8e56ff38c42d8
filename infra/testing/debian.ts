import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/**
 * Whether a program of a Debian package is there; a missing one is installed when we may.
 * @param program its absolute path
 * @throws when apt-get was let do it and failed
 */
export function ensureProgram(program: string, packageName: string, log: (line: string) => void = console.log): boolean {
  if (existsSync(program)) return true
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false
  log(`installing ${packageName} (apt-get)`)
  aptGet('update', '-qq')
  aptGet('install', '-y', '-qq', '--no-install-recommends', packageName)
  return existsSync(program)
}

function aptGet(...flags: string[]) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { status, stderr } = spawnSync('apt-get', flags, { encoding: 'utf8', env })
  if (status !== 0) throw new Error(`apt-get ${flags[0]} failed: ${stderr.trim().split('\n').at(-1)}`)
}

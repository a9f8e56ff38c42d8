import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const DEBIAN = '/usr/bin/chromium'

/** Flags for a browser that talks to nobody but the page under test. */
export const CHROMIUM_FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * The browser's program: `CHROMIUM`, else Debian's, which is installed when we may.
 * @throws when there is none and it cannot be installed
 */
export function findChromium(log: (line: string) => void = console.log): string {
  const named = process.env['CHROMIUM']
  if (named) {
    if (existsSync(named)) return named
    throw new Error(`CHROMIUM is ${named}, which does not exist.`)
  }
  if (existsSync(DEBIAN)) return DEBIAN
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) {
    throw new Error(
      `The browser tests need Chromium: install it (Debian: apt-get install chromium), or set CHROMIUM to its program.`,
    )
  }
  log('installing Chromium (apt-get install chromium)')
  for (const flags of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', 'chromium'],
  ]) {
    const { status, stderr } = spawnSync('apt-get', flags, {
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
    if (status !== 0) throw new Error(`apt-get ${flags[0]} failed: ${stderr.trim().split('\n').at(-1)}`)
  }
  return DEBIAN
}

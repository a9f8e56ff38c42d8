import { existsSync } from 'node:fs'
import { ensureProgram } from './debian.ts'

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
  if (ensureProgram(DEBIAN, 'chromium', log)) return DEBIAN
  throw new Error(
    'The browser tests need Chromium: install it (Debian: apt-get install chromium), or set CHROMIUM to its program.',
  )
}

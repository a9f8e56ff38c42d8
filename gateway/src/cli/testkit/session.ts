import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSession, type Session } from '../session.ts'
import type { Platform } from './platform.ts'

const directory = mkdtempSync(join(tmpdir(), 'signalbox-cli-'))
let files = 0

/** The path of a file with that content. */
export function csvFile(content: string | Buffer): string {
  const path = join(directory, `${(files += 1)}.csv`)
  writeFileSync(path, content)
  return path
}

export interface TestSession extends Session {
  /** Everything that was written to the screen. */
  written(): string
  interrupt(): void
}

/** The client's own session with that platform; it retries fast. */
export function sessionWith(platform: Platform, secret = platform.secret): TestSession {
  const interruption = new AbortController()
  let text = ''
  const session = openSession(
    { url: platform.url, clientId: 'signalbox-cli', clientSecret: secret },
    {
      signal: interruption.signal,
      screen: { write: (part: string) => (text += part) },
      pollMs: 10,
      retry: { attempts: 4, firstMs: 1, longestMs: 5 },
    },
  )
  return { ...session, written: () => text, interrupt: () => interruption.abort(new Error('interrupted')) }
}

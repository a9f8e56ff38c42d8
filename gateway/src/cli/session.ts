import { Endpoint } from './endpoint.ts'
import type { CliEnv } from './env.ts'
import type { Screen } from './progress.ts'
import type { RetryOptions } from './retry.ts'
import { TokenSource } from './token-source.ts'

/** What every command works with. */
export interface Session {
  url: string
  endpoint: Endpoint
  tokens: TokenSource
  /** Aborted by Ctrl-C. */
  signal: AbortSignal
  /** For progress and for what was left out. */
  screen: Screen
  /** Milliseconds between two looks at what the platform still works on. */
  pollMs: number
}

export interface SessionOptions {
  signal: AbortSignal
  screen: Screen
  pollMs?: number
  retry?: RetryOptions
}

export function openSession(env: CliEnv, { signal, screen, pollMs = 1_000, retry }: SessionOptions): Session {
  const tokens = new TokenSource(env)
  const endpoint = new Endpoint({ url: env.url, tokens, signal, ...(retry ? { retry } : {}) })
  return { url: env.url, endpoint, tokens, signal, screen, pollMs }
}

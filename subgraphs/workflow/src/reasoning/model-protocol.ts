import type { Egress } from '@signalbox/shared/egress'
import type { CallOptions, ToolOffer } from './reasoning-model.ts'

/** A model behind a server, and how it is reached. */
export interface ModelServer {
  /** With the version: `https://api.openai.com/v1`. */
  baseUrl: string
  apiKey: string
  model: string
  /** The way out. */
  egress: Egress
  /** Milliseconds for one attempt, a stream to its end included; 90 s unless given. */
  timeoutMs?: number | undefined
  /** 2 unless given. */
  attempts?: number | undefined
}

/** One question, as both protocols can put it. */
export interface ModelCall extends CallOptions {
  system: string
  user: string
  /** JSON Schema that the answer must follow; free text without it. */
  schema?: { name: string; schema: Record<string, unknown> } | undefined
  /** May be called; names of letters, digits, `_` and `-`, 64 at most. */
  tools?: ToolOffer[] | undefined
}

export interface TokenCount {
  /** What the cache held and took in included. */
  input: number
  output: number
  /** Read from the provider's cache, and written to it. */
  cachedInput?: number | undefined
  cacheWrite?: number | undefined
}

export interface ModelAnswer {
  /** JSON where a schema was given. */
  text: string
  /** The first tool that is called; `json` as the model wrote it. */
  toolCall: { name: string; json: string } | null
  /** As the server says; the configured one otherwise. */
  model: string
  tokens: TokenCount
}

/** How a server is talked to. */
export interface ModelProtocol {
  /** The configured name. */
  readonly model: string
  /** @throws {ModelError} or the signal's reason */
  complete(call: ModelCall): Promise<ModelAnswer>
}

/** Characters of one answer. */
export const LONGEST_ANSWER = 200_000

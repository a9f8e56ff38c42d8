import { createHash } from 'node:crypto'
import { canonicalJson } from './canonical-json.ts'

/** Before the first entry of a chain: what its `previousHash` says. */
export const CHAIN_START = '0'.repeat(64)

/** An entry as it is hashed and exported; the hash itself stands beside it. `subgraphs/telemetry/audit-trail.md` describes it for others. */
export interface ChainedEntry {
  /** The organisation; zeros: the platform itself. */
  organization: string
  /** 1, 2, 3 … within the organisation. */
  sequence: number
  /** UTC with milliseconds: `2026-11-23T09:15:00.123Z`. */
  at: string
  action: string
  outcome: string
  actor: { kind: string; id: string } | null
  scopes: string[]
  target: { type: string; id: string } | null
  details: Record<string, unknown>
  requestId: string | null
  operation: string | null
  source: string | null
  previousHash: string
}

/** SHA-256 in lower-case hex over the canonical JSON (RFC 8785) of the entry, its `previousHash` included. */
export const hashOf = (entry: ChainedEntry): string => createHash('sha256').update(canonicalJson(entry), 'utf8').digest('hex')

export interface ChainLink {
  sequence: number
  hash: string
}

/**
 * What is wrong with an entry that should follow the link, in plain words, or null.
 * @param hash what is stored as the entry's own
 */
export function faultAfter(link: ChainLink, entry: ChainedEntry, hash: string): string | null {
  if (entry.sequence !== link.sequence + 1) return `entry ${link.sequence + 1} is missing`
  if (entry.previousHash !== link.hash) return `entry ${entry.sequence} does not follow the one before it`
  if (hashOf(entry) !== hash) return `entry ${entry.sequence} was changed after it was written`
  return null
}

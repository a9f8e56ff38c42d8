import type { TokenCount } from './model-protocol.ts'

interface Price {
  /** Of the models that are sold under this name, with a date or `latest` behind it or not. */
  model: string
  /** The first day (UTC). */
  since: string
  /** US dollars for a million tokens. Without `cachedInput`, cached tokens cost what others do. */
  input: number
  output: number
  cachedInput?: number
}

/** A token that is written to the provider's cache costs so many times an input token (Anthropic, five minutes). */
const CACHE_WRITE = 1.25

/**
 * As listed by the vendors, read on 25 November 2026. A changed price is a new row with the day that it begins: what was used before keeps
 * its price. Tiers for long inputs and batches are left out.
 */
const PRICES: Price[] = [
  { model: 'gpt-4o', since: '2024-05-13', input: 5, output: 15 },
  { model: 'gpt-4o', since: '2024-10-02', input: 2.5, output: 10, cachedInput: 1.25 },
  { model: 'gpt-4o-mini', since: '2024-07-18', input: 0.15, output: 0.6, cachedInput: 0.075 },
  { model: 'gpt-4.1', since: '2025-04-14', input: 2, output: 8, cachedInput: 0.5 },
  { model: 'gpt-4.1-mini', since: '2025-04-14', input: 0.4, output: 1.6, cachedInput: 0.1 },
  { model: 'gpt-4.1-nano', since: '2025-04-14', input: 0.1, output: 0.4, cachedInput: 0.025 },
  { model: 'gpt-5', since: '2025-08-07', input: 1.25, output: 10, cachedInput: 0.125 },
  { model: 'gpt-5-mini', since: '2025-08-07', input: 0.25, output: 2, cachedInput: 0.025 },
  { model: 'gpt-5-nano', since: '2025-08-07', input: 0.05, output: 0.4, cachedInput: 0.005 },
  { model: 'gpt-5.1', since: '2025-11-13', input: 1.25, output: 10, cachedInput: 0.125 },
  { model: 'gpt-5.4', since: '2026-03-05', input: 2.5, output: 15, cachedInput: 0.25 },
  { model: 'gpt-5.4-mini', since: '2026-03-05', input: 0.75, output: 4.5, cachedInput: 0.075 },
  { model: 'claude-haiku-4-5', since: '2025-10-15', input: 1, output: 5, cachedInput: 0.1 },
  { model: 'claude-sonnet-4-5', since: '2025-09-29', input: 3, output: 15, cachedInput: 0.3 },
  { model: 'claude-sonnet-4-6', since: '2026-02-17', input: 3, output: 15, cachedInput: 0.3 },
  { model: 'claude-sonnet-5', since: '2026-06-30', input: 2, output: 10, cachedInput: 0.2 },
  { model: 'claude-sonnet-5-5', since: '2026-09-28', input: 2, output: 10, cachedInput: 0.2 },
  { model: 'claude-opus-4-1', since: '2025-08-05', input: 15, output: 75, cachedInput: 1.5 },
  { model: 'claude-opus-4-5', since: '2025-11-24', input: 5, output: 25, cachedInput: 0.5 },
  { model: 'claude-opus-4-6', since: '2026-02-05', input: 5, output: 25, cachedInput: 0.5 },
  { model: 'claude-opus-5', since: '2026-07-24', input: 5, output: 25, cachedInput: 0.5 },
  { model: 'claude-opus-5-5', since: '2026-09-22', input: 4, output: 20, cachedInput: 0.2 },
]

/** `-2025-08-07`, `-20250807`, `-latest`, `-2025`: the same model. Anything else behind a name is another one. */
const SNAPSHOT = /-(?:latest|\d{4}(?:-?\d{2}-?\d{2})?)$/

/**
 * What a call cost at a time, as a decimal string with 8 places at most. A model that is not in the table then, such as a local one, counts
 * as 0 and is not priced.
 */
export function costOf(model: string, tokens: TokenCount, at: Date): { costUsd: string; priced: boolean } {
  const day = at.toISOString().slice(0, 10)
  const name = model.replace(SNAPSHOT, '')
  const price = PRICES.filter((row) => row.model === name && row.since <= day)
    .sort((a, b) => a.since.localeCompare(b.since))
    .at(-1)
  if (price === undefined) return { costUsd: '0', priced: false }
  const { cachedInput = 0, cacheWrite = 0 } = tokens
  const plain = Math.max(0, tokens.input - cachedInput - cacheWrite)
  const input = plain * price.input + cacheWrite * price.input * CACHE_WRITE + cachedInput * (price.cachedInput ?? price.input)
  const costUsd = ((input + tokens.output * price.output) / 1e6).toFixed(8).replace(/\.?0+$/, '')
  return { costUsd, priced: true }
}

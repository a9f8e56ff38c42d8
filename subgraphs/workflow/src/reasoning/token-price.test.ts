import { describe, expect, it } from '@jest/globals'
import { costOf } from './token-price.ts'

const NOW = new Date('2026-11-25T12:00:00Z')
const M = 1_000_000
const cost = (model: string, tokens: Parameters<typeof costOf>[1], at = NOW) => costOf(model, tokens, at)

describe('what a call costs', () => {
  it('is the price that was listed at the time', () => {
    const tokens = { input: M, output: M }
    expect(cost('gpt-4o', tokens, new Date('2024-06-01'))).toEqual({ costUsd: '20', priced: true })
    expect(cost('gpt-4o', tokens, new Date('2024-10-01T23:59:59Z')).costUsd).toBe('20')
    expect(cost('gpt-4o', tokens, new Date('2024-10-02')).costUsd).toBe('12.5')
    expect(cost('gpt-4o', tokens, new Date('2023-01-01'))).toEqual({ costUsd: '0', priced: false })
  })

  it('counts cached input at its own price, and what goes into a cache at more', () => {
    expect(cost('gpt-4.1', { input: M, output: 0, cachedInput: M / 2 }).costUsd).toBe('1.25')
    expect(cost('claude-opus-5-5', { input: M, output: 0, cachedInput: M / 2, cacheWrite: M / 2 }).costUsd).toBe('2.6')
    expect(cost('gpt-4.1', { input: 3, output: 0 }).costUsd).toBe('0.000006')
    expect(cost('gpt-4.1', { input: 0, output: 0 })).toEqual({ costUsd: '0', priced: true })
  })

  it('is the same for a dated name, and unknown for another model', () => {
    for (const name of ['gpt-4.1-nano', 'gpt-4.1-nano-2025-04-14', 'gpt-4.1-nano-latest'])
      expect(cost(name, { input: M, output: 0 }).costUsd).toBe('0.1')
    expect(cost('claude-haiku-4-5-20251001', { input: M, output: 0 }).costUsd).toBe('1')
    for (const name of ['gpt-5-pro', 'gpt-4.1-mine', 'llama3', 'claude-sonnet-5-5-fast'])
      expect(cost(name, { input: M, output: M })).toEqual({ costUsd: '0', priced: false })
  })
})

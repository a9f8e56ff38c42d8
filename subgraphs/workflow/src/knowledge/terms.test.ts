import { describe, expect, it } from '@jest/globals'
import { chunksOf } from './chunking.ts'
import { termsOf } from './terms.ts'

describe('terms', () => {
  it('keeps small words, joins inflections, and knows letters of any script', () => {
    expect(termsOf('How do I NOT pay, paying, pays?').words).toEqual(['=how', '=do', '=i', '=not', '=pay'])
    expect(termsOf('Über Straße 日本').words).toEqual(['=über', '=straße', '=日本'])
    expect(termsOf('  !? ')).toEqual({ words: [], groups: [] })
  })

  it('bridges a typing error by groups of letters', () => {
    const [right, wrong] = [termsOf('transfer').groups, termsOf('transfr').groups]
    expect(wrong.filter((group) => right.includes(group)).length).toBeGreaterThan(wrong.length / 2)
  })

  it('never splits a letter outside the basic plane', () => {
    expect(termsOf('𝒳𝒴𝒵𝒲𝒱').groups.every((group) => group.isWellFormed())).toBe(true)
  })
})

describe('chunks', () => {
  it('leaves a short text whole and loses no word of a long one', () => {
    expect(chunksOf('  short  ')).toEqual(['short'])
    const text = Array.from({ length: 500 }, (_, n) => `word${n}${n % 12 === 11 ? '.' : ''}`).join(' ')
    const chunks = chunksOf(text)
    expect(chunks.length).toBeGreaterThan(4)
    expect(chunks.every((chunk) => chunk.length <= 700)).toBe(true)
    expect(chunks.join(' ')).toBe(text)
    expect(chunks[0]!.endsWith('.')).toBe(true)
  })

  it('cuts a text without a space, between characters', () => {
    const chunks = chunksOf('🚲'.repeat(1_000))
    expect(chunks.join('')).toBe('🚲'.repeat(1_000))
    expect(chunks.every((chunk) => chunk.isWellFormed() && chunk.length <= 700)).toBe(true)
  })
})

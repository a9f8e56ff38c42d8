import { describe, expect, it } from '@jest/globals'
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

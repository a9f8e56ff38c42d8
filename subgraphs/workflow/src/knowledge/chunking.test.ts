import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { chunksOf } from './chunking.ts'

/** What the chunks cover of the text, overlaps once. */
function covered(chunks: { start: number; end: number }[], text: string): string {
  const marks = Array.from(text, () => false)
  const units = text.split('')
  for (const { start, end } of chunks) for (let at = start; at < end; at++) marks[at] = true
  return units.filter((_, at) => marks[at] === true).join('')
}

describe('chunks', () => {
  it('leaves a short text whole and loses no word of a long one', () => {
    expect(chunksOf('  short  ')).toEqual([{ heading: null, text: 'short', start: 2, end: 7 }])
    const text = Array.from({ length: 504 }, (_, n) => `word${n}${n % 12 === 11 ? '.' : ''}`).join(' ')
    const chunks = chunksOf(text)
    expect(chunks.length).toBeGreaterThan(4)
    expect(chunks.every((chunk) => chunk.text.length <= 700 && chunk.text.endsWith('.'))).toBe(true)
    expect(covered(chunks, text).replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
  })

  it('takes whole sentences over into the next chunk', () => {
    const text = Array.from({ length: 60 }, (_, n) => `This is sentence number ${n} of the text.`).join(' ')
    const chunks = chunksOf(text)
    for (const [at, chunk] of chunks.entries()) {
      expect(chunk.text).toMatch(/^This is sentence/)
      if (at > 0) expect(chunk.start).toBeLessThan(chunks[at - 1]!.end)
    }
  })

  it('cuts a text without a space, between characters', () => {
    const chunks = chunksOf('🚲'.repeat(1_000))
    expect(chunks.map(({ text }) => text).join('')).toBe('🚲'.repeat(1_000))
    expect(chunks.every(({ text }) => text.isWellFormed() && text.length <= 700)).toBe(true)
  })

  it('holds for any text: each chunk is where it says, and all of the text is in some chunk', () => {
    const word = fc.constantFrom(
      'a',
      'word',
      'end.',
      'why?',
      '\n',
      '\n\n',
      '# Title\n',
      '```\n',
      'x'.repeat(90),
      '  ',
      '- item\n',
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 80 }), fc.constantFrom('PLAIN' as const, 'MARKDOWN' as const), (words, format) => {
        const text = words.join(' ')
        const chunks = chunksOf(text, format, 120, 30)
        for (const { text: part, start, end } of chunks) expect(text.slice(start, end)).toBe(part)
        expect(chunks.every(({ text: part }) => part !== '' && part.length <= 120 && part.trim() === part)).toBe(true)
        if (format === 'PLAIN') expect(covered(chunks, text).replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''))
      }),
      { numRuns: 150 },
    )
  })

  it('gives passages of Markdown the headings that they stand under', () => {
    const text = [
      'Before all.',
      '# Handbook',
      'Hello.',
      '## Returns *and* refunds ##',
      'Within 14 days.',
      '```',
      '# no heading',
      '```',
      '### [Costs](https://example.com)',
      'We pay.',
      'Opening hours',
      '---',
      '',
      'From nine.',
      '',
      'Contact',
      '=======',
      'Call us.',
    ].join('\n')
    expect(chunksOf(text, 'MARKDOWN').map(({ heading, text: part }) => [heading, part])).toEqual([
      [null, 'Before all.'],
      ['Handbook', 'Hello.'],
      ['Handbook › Returns and refunds', 'Within 14 days.\n```\n# no heading\n```'],
      ['Handbook › Returns and refunds › Costs', 'We pay.\nOpening hours\n---\n\nFrom nine.'],
      ['Contact', 'Call us.'],
    ])
  })
})

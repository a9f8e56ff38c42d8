import { describe, expect, it } from '@jest/globals'
import { calibrationWords, citationWords, intakeWords, nameOfDocument } from './knowledge-words.ts'

const nothing = { documents: 0, added: 0, updated: 0, unchanged: 0, duplicates: 0, faults: [] }

describe('the words about knowledge', () => {
  it('tell what became of a file', () => {
    expect(intakeWords({ ...nothing, added: 1_200, unchanged: 3, duplicates: 1, faults: [{ line: 2, message: 'x' }] })).toBe(
      '1,200 added, 3 there already, 1 that repeats another document, 1 row left out',
    )
    expect(intakeWords({ ...nothing, updated: 1 })).toBe('1 changed')
    expect(intakeWords(nothing)).toBe('Nothing was in it')
  })

  it('tell what a base may be trusted with', () => {
    const calibration = {
      threshold: 0.8,
      targetPrecision: 0.95,
      accuracy: 0.9,
      coverage: 0.874,
      precision: 0.956,
      n: 500,
      calibratedAt: '',
    }
    expect(calibrationWords({ calibration, calibrationStatus: 'READY' })).toBe(
      'Decides 87 % without a person; 96 % of that was right when tried on 500 examples.',
    )
    expect(calibrationWords({ calibration: null, calibrationStatus: 'NONE' })).toMatch(/^Not measured yet/)
    expect(calibrationWords({ calibration: { ...calibration, coverage: 0, n: 1 }, calibrationStatus: 'READY' })).toMatch(
      /^1 example: too few/,
    )
  })

  it('name a passage’s place and a document', () => {
    expect(citationWords({ documentKey: 'handbook.pdf', version: 2, ordinal: 3 })).toBe('handbook.pdf, version 2, passage 4')
    expect(citationWords({ documentKey: 'csv:ab', version: 1, ordinal: 0 })).toBe('Row of a table')
    expect(nameOfDocument({ excerpt: 'Where is my card?' })).toBe('Where is my card?')
    expect(nameOfDocument({ title: null, excerpt: '# Prices\n\n## Bikes\nTen euros, not #1' })).toBe(
      'Prices Bikes Ten euros, not #1',
    )
    expect(nameOfDocument({ title: 'Handbook', excerpt: 'x' })).toBe('Handbook')
  })
})

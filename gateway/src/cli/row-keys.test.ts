import { describe, expect, it } from '@jest/globals'
import { documentKeys } from '@signalbox/shared/csv-table'
import { batchTag, runKey } from './row-keys.ts'

const file = { hash: 'f00d'.repeat(16) }
const row = (line: number, values: Record<string, string>) => ({ line, values })

describe('the key of a run', () => {
  it('is the same for the same row of the same file, every time and on every machine', () => {
    expect(runKey(file, row(2, { text: 'Hello' }), 'Hello')).toBe('csv:f00df00df00df00d:2:185f8db32271fe25')
  })

  it('differs for another row, another text and another file', () => {
    const keys = [
      runKey(file, row(2, {}), 'Hello'),
      runKey(file, row(3, {}), 'Hello'),
      runKey(file, row(2, {}), 'Hello!'),
      runKey({ hash: 'beef'.repeat(16) }, row(2, {}), 'Hello'),
    ]
    expect(new Set(keys).size).toBe(4)
  })

  it("is the row's own where it has one", () => {
    expect(runKey(file, row(2, { key: 'ticket-7', id: 'x' }), 'Hello')).toBe('ticket-7')
    expect(runKey(file, row(2, { key: '', id: 'x' }), 'Hello')).toBe('x')
  })
})

describe('the keys of documents', () => {
  const keysOf = (...rows: Record<string, string>[]) =>
    documentKeys(
      rows.map((values, index) => row(index + 2, values)),
      ({ values }) => values['text']!,
    )

  it('stay the same when the file around a row changes', () => {
    const before = keysOf({ text: 'a' }, { text: 'b' })
    const after = keysOf({ text: 'new' }, { text: 'b' }, { text: 'a' })
    expect([after[2], after[1]]).toEqual(before)
  })

  it('tell equal texts apart by how often they came before', () => {
    const [first, second, third] = keysOf({ text: 'a' }, { text: 'a' }, { text: 'a' })
    expect([second, third]).toEqual([`${first}:2`, `${first}:3`])
  })

  it("are the rows' own where they have one", () => {
    expect(keysOf({ text: 'a', key: 'k' }, { text: 'a' })).toEqual(['k', keysOf({ text: 'a' })[0]])
  })
})

describe('the tag of a batch', () => {
  it('belongs to one file and workflow', () => {
    const tags = [batchTag(file, 'triage'), batchTag(file, 'other'), batchTag({ hash: 'x' }, 'triage')]
    expect(new Set(tags).size).toBe(3)
    expect(batchTag(file, 'triage')).toBe(tags[0])
  })
})

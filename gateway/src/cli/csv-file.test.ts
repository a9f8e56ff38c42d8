import { describe, expect, it } from '@jest/globals'
import { tmpdir } from 'node:os'
import { readCsv } from './csv-file.ts'
import { csvFile } from './testkit/session.ts'

const read = (content: string | Buffer) => readCsv(csvFile(content), ['text'])
const textsOf = async (content: string) => (await read(content)).rows.map((row) => row.values['text'])

describe('a CSV file', () => {
  it('is read with quoted commas, doubled quotes and line breaks', async () => {
    const { rows, faults } = await read('text,category\n"Hello, you",a\n"She said ""no""",b\n"two\nlines",c\nlast,d\n')
    expect(rows).toEqual([
      { line: 2, values: { text: 'Hello, you', category: 'a' } },
      { line: 3, values: { text: 'She said "no"', category: 'b' } },
      { line: 4, values: { text: 'two\nlines', category: 'c' } },
      { line: 6, values: { text: 'last', category: 'd' } },
    ])
    expect(faults).toEqual([])
  })

  it('may start with a byte order mark, end its lines as Windows does, hold empty lines and end without a line break', async () => {
    const { rows } = await read('\ufeffText , Category\r\none,a\r\n\r\n"two\r\nlines",b\r\nthree,c')
    expect(rows).toEqual([
      { line: 2, values: { text: 'one', category: 'a' } },
      { line: 4, values: { text: 'two\r\nlines', category: 'b' } },
      { line: 6, values: { text: 'three', category: 'c' } },
    ])
  })

  it('loses only the rows that are malformed, each named with its line', async () => {
    const content = [
      'text,category',
      'good one,a',
      'too,many,fields',
      'too few',
      'a qu"ote inside,b',
      '"closed" too early,c',
      'good two,d',
      '"multi',
      'line","but too","long"',
      'good three,e',
    ].join('\n')
    const { rows, faults } = await read(content)
    expect(rows.map((row) => [row.line, row.values['text']])).toEqual([
      [2, 'good one'],
      [7, 'good two'],
      [10, 'good three'],
    ])
    expect(faults.map((fault) => fault.line)).toEqual([3, 4, 5, 6, 8])
    expect(faults[0]!.message).toBe('it has 3 fields where the first line names 2')
  })

  it('loses one row, not the rest of the file, to a quote that is never closed', async () => {
    const { rows, faults } = await read('text,category\n"open,a\none,b\n"two",c\nthree,d\n"also open,e\nfour,f\n')
    expect(rows.map((row) => row.values['text'])).toEqual(['one', 'two', 'three', 'four'])
    expect(faults.map((fault) => fault.line)).toEqual([2, 6])
    expect(faults[1]!.message).toBe('a quote is opened and never closed')
  })

  it('keeps the text as it is, whatever the alphabet', async () => {
    expect(await textsOf('text\n"¿Dónde está mi tarjeta? 💳"\n我的卡在哪里\n')).toEqual([
      '¿Dónde está mi tarjeta? 💳',
      '我的卡在哪里',
    ])
  })

  it('has a hash that follows its content', async () => {
    const [one, same, other] = [await read('text\na\n'), await read('text\na\n'), await read('text\nb\n')]
    expect(one.hash).toBe(same.hash)
    expect(one.hash).not.toBe(other.hash)
  })

  it('without rows is no fault', async () => {
    expect(await read('text,category\n')).toMatchObject({ rows: [], faults: [], columns: ['text', 'category'] })
  })
})

describe('a file that cannot be used', () => {
  it.each([
    ['an empty one', '', /is empty: it wants a first line/],
    ['one of empty lines', '\n\r\n\n', /is empty: it wants a first line/],
    ['one without the column', 'question,category\na,b\n', /has no column "text"; its first line names: question, category\./],
    ['one that names a column twice', 'text,text\na,b\n', /has two columns "text"/],
    ['one whose first line is malformed', 'te"xt,category\na,b\n', /has a first line that cannot be read/],
    ['one that is not UTF-8', Buffer.from('text\ncaf\xe9\n', 'latin1'), /is not UTF-8 text/],
  ])('%s', async (_name, content, message) => {
    await expect(read(content)).rejects.toThrow(message)
  })

  it('one that is not there, and a folder', async () => {
    await expect(readCsv('/nowhere/at/all.csv', ['text'])).rejects.toThrow('There is no file /nowhere/at/all.csv.')
    await expect(readCsv(tmpdir(), ['text'])).rejects.toThrow(/is a folder, not a CSV file/)
  })
})

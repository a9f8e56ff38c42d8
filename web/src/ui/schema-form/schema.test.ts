import { describe, expect, it } from '@jest/globals'
import { fieldKind, fromDraft, toDraft, type ObjectSchema } from './schema.ts'

const schema: ObjectSchema = {
  required: ['text'],
  properties: {
    text: { type: 'string', minLength: 3 },
    channel: { enum: ['mail', 'phone'] },
    priority: { type: 'integer' },
    urgent: { type: ['boolean', 'null'] },
    extra: { type: 'object' },
  },
}

describe('a form made of a schema', () => {
  it('picks a field for each kind', () =>
    expect(Object.entries(schema.properties!).map(([name, field]) => fieldKind(name, field))).toEqual([
      'paragraph',
      'choice',
      'number',
      'boolean',
      'json',
    ]))

  it('gives back what it was given', () => {
    const value = { text: 'Hello', channel: 'mail', priority: 2, urgent: true, extra: { a: [1] } }
    expect(fromDraft(schema, toDraft(schema, value))).toEqual({ value, faults: {} })
  })

  it('leaves out what was left empty and asks for what is needed', () =>
    expect(fromDraft(schema, { text: '', channel: '', priority: '', urgent: false, extra: '' })).toEqual({
      value: { urgent: false },
      faults: { text: 'This is needed.' },
    }))

  it('names each field that cannot be read', () =>
    expect(fromDraft(schema, { text: 'Hi', priority: 'two', extra: '{' }).faults).toEqual({
      text: 'At least 3 characters.',
      priority: 'This must be a number.',
      extra: 'This is not valid JSON.',
    }))

  it('writes the rows of a list into a table, and reads its numbers as numbers', () => {
    const list = {
      properties: { lines: { type: 'array', items: { properties: { item: { type: 'string' }, price: { type: 'number' } } } } },
    }
    expect(fieldKind('lines', list.properties.lines)).toBe('rows')
    const value = { lines: [{ item: 'Ink', price: 4.5 }] }
    expect(fromDraft(list, toDraft(list, value))).toEqual({ value, faults: {} })
    expect(fromDraft(list, { lines: '[{"item":"Ink","price":"5"},{"item":"Pen","price":"much"}]' }).faults).toEqual({
      lines: 'price: This must be a number.',
    })
  })
})

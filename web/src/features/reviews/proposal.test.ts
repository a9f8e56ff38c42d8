import { describe, expect, it } from '@jest/globals'
import { changedFields, editSchema, proposalOf } from './proposal.ts'

describe('a proposal', () => {
  it('falls back on the request of its run', () =>
    expect(proposalOf({ proposal: { intent: 'refund', reply: '' }, run: { input: { text: 'Give it back' } } })).toMatchObject({
      text: 'Give it back',
      intent: 'refund',
      reply: undefined,
    }))
  it('survives any shape', () => expect(proposalOf({ proposal: 'yes', run: { input: 3 } }).text).toBeUndefined())
})

describe('an edit', () => {
  it('follows the schema of the review', () => {
    const schema = { properties: { reply: { type: 'string' } } }
    expect(editSchema(schema, { intent: 'x' })).toBe(schema)
  })
  it('offers the texts of the proposal without one', () =>
    expect(Object.keys(editSchema(null, { intent: 'x', reply: 'y', confidence: 1 }).properties!)).toEqual(['intent', 'reply']))
  it('sends what was changed only', () =>
    expect(changedFields({ intent: 'refund', reply: 'New words' }, { intent: 'refund', reply: 'Old words' })).toEqual({
      reply: 'New words',
    }))
})

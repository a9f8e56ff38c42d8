import { describe, expect, it } from '@jest/globals'
import { answerSchema, changedFields, editSchema, proposalOf } from './proposal.ts'

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
    expect(editSchema(schema, { intent: 'x' })).toMatchObject(schema)
    // What the proposal has may stay as it is.
    expect(editSchema({ ...schema, required: ['amount', 'iban'] }, { amount: 1 }).required).toEqual(['iban'])
  })
  it('has a field for each part of a proposal of any shape', () =>
    expect(editSchema(null, { amount: 1, payee: 'Ada', paid: false, lines: [], reason: 'why' }).properties).toEqual({
      amount: { type: 'number' },
      payee: { type: 'string' },
      paid: { type: 'boolean' },
      lines: { type: 'object' },
    }))
  it('is a reply where one is asked for, else all that is', () => {
    expect(answerSchema(null, { reply: 'x' }).required).toEqual(['reply'])
    const invoice = { properties: { amount: { type: 'number' } }, required: ['amount'] }
    expect(answerSchema(invoice, { amount: 1 })).toBe(invoice)
  })
  it('offers the texts of the proposal without one', () =>
    expect(Object.keys(editSchema(null, { intent: 'x', reply: 'y', confidence: 1 }).properties!)).toEqual(['intent', 'reply']))
  it('sends what was changed only', () =>
    expect(changedFields({ intent: 'refund', reply: 'New words' }, { intent: 'refund', reply: 'Old words' })).toEqual({
      reply: 'New words',
    }))
})

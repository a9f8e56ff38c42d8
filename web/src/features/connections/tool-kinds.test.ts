import { describe, expect, it } from '@jest/globals'
import { toToolName, trialForm } from './tool-kinds.ts'

describe('a tool in the dashboard', () => {
  it('is named as workflows write it', () => {
    expect(toToolName(' Create a ticket (CRM) ')).toBe('create_a_ticket_crm')
    expect(toToolName('2nd mail')).toBe('nd_mail')
  })

  it('that takes anything is tried with data of any kind', () => {
    const { schema, valuesOf } = trialForm({})
    expect(Object.keys(schema.properties!)).toEqual(['data'])
    expect([valuesOf({ data: { order: 1 } }), valuesOf({})]).toEqual([{ order: 1 }, {}])
    const own = { properties: { order: { type: 'string' } } }
    expect(trialForm(own).schema).toBe(own)
  })
})

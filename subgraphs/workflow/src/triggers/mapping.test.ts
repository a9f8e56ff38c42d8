import { describe, expect, it } from '@jest/globals'
import { applyMapping, checkMapping, holds, WEBHOOK_VARIABLES } from './mapping.ts'

const order = {
  id: 7,
  total: 12.5,
  note: null,
  lines: [
    { sku: 'a', tags: ['x'] },
    { sku: 'b', tags: [] },
  ],
}
const values = (body: unknown = order) => ({ body, headers: { 'x-kind': 'order' }, query: {} })
const inputOf = (input: string | Record<string, string>) => applyMapping({ input }, values()).input

describe('a mapping', () => {
  it('makes the input of expressions, field by field or as a whole, in plain JSON', () => {
    expect(inputOf({ text: '"order " + string(body.id)', lines: 'size(body.lines)', kind: 'headers["x-kind"]' })).toEqual({
      text: 'order 7',
      lines: 2,
      kind: 'order',
    })
    expect(inputOf('{"skus": body.lines.map(l, l.sku), "note": body.?missing.orValue(null)}')).toEqual({
      skus: ['a', 'b'],
      note: null,
    })
    expect(inputOf('body')).toEqual(order)
    expect(applyMapping({ input: 'body', caseId: 'body.id', idempotencyKey: 'body.lines[0].sku' }, values())).toMatchObject({
      caseId: '7',
      idempotencyKey: 'a',
    })
  })

  it('names each expression that gives no value', () => {
    const make = () => applyMapping({ input: { text: 'body.missing' }, caseId: 'body.id.deep' }, values())
    expect(make).toThrow(
      expect.objectContaining({
        extensions: expect.objectContaining({
          fields: [
            { path: 'mapping.input.text', message: 'No such key: missing' },
            { path: 'mapping.caseId', message: expect.any(String) },
          ],
        }),
      }),
    )
  })

  it.each([
    ['body +', /ends before it is complete/],
    ['something', /Unknown variable: something/],
    ['', /is empty/],
    [`"${'x'.repeat(2_000)}"`, /at most 2000 characters/],
    ['body.text.matches("(a+)+$")', /matches is not available/],
    ['body.lines.all(a, body.lines.all(b, b.sku == a.sku))', /must go over a part of "a"/],
    ['body.lines.map(a, [a].map(b, b))', /must go over a part of "a"/],
    ['body.lines.map(a, a.tags.map(b, a.tags.all(c, c == b)))', /must go over a part of "b"/],
  ])('refuses what it cannot be made of: %s', (input, message) => {
    expect(() => checkMapping({ input }, WEBHOOK_VARIABLES)).toThrow(
      expect.objectContaining({
        extensions: expect.objectContaining({ fields: [{ path: 'mapping.input', message: expect.stringMatching(message) }] }),
      }),
    )
  })

  it('goes over parts of parts, and gives no more than it may', () => {
    expect(inputOf('body.lines.map(l, l.tags.map(t, t))')).toEqual([['x'], []])
    const large = { text: 'x'.repeat(200_000), list: [1, 2, 3] }
    expect(() => applyMapping({ input: 'body.list.map(n, body.text)' }, values(large))).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT' }),
    )
  })

  it('holds or does not; what gives no value does not', () => {
    expect(holds('body.total > 10', values())).toBe(true)
    expect(holds('body.total > 100', values())).toBe(false)
    expect(holds('body.note.reason == "late"', values())).toBe(false)
  })
})

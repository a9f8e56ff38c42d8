import { describe, expect, it } from '@jest/globals'
import { compileExpression, ExpressionError, holds } from './expression.ts'
import { toNumber } from './functions.ts'
import { render } from './template.ts'

const evaluate = (text: string, values = {}) => compileExpression(text).evaluate(values)

describe('expressions', () => {
  it.each([
    ['input.amount > 1000 && decide.confidence < 0.9', { input: { amount: 1500 }, decide: { confidence: 0.5 } }, true],
    ['input.amount + 1', { input: { amount: 1500 } }, 1501],
    ['items.map(i, i.n * 2)', { items: [{ n: 1 }, { n: 2.5 }] }, [2, 5]],
    ['{"total": sum(items.map(i, i.n)), "parts": size(items)}', { items: [{ n: 1 }, { n: 2.5 }] }, { total: 3.5, parts: 2 }],
    ['review == null', { review: null }, true],
    ['like(text, "^re-?fund")', { text: 'Refund please' }, true],
    ['capture(text, "Total:? *([0-9.,]+)")', { text: 'Total: 1.234,56 EUR' }, '1.234,56'],
    ['capture(text, "x(y)")', { text: 'none' }, null],
    ['first_match("refund_request", rules, "reply")', { rules: [{ pattern: '^refund', value: 'refund' }] }, 'refund'],
    ['first_match("other", rules, "reply")', { rules: [{ pattern: '^refund', value: 'refund' }] }, 'reply'],
    ['grounding("the red card", "red", [{"title": null, "text": "a card", "label": null}])', {}, 1],
  ])('%s', (text, values, expected) => {
    expect(evaluate(text, values)).toEqual(expected)
  })

  it('names what an expression reads, but not what its macros bind', () => {
    expect(compileExpression('decide.label == "x" && items.exists(i, i.n > input.limit) && has(a.b)').references).toEqual([
      ['decide', 'label'],
      ['items'],
      ['input', 'limit'],
      ['a', 'b'],
    ])
  })

  it.each(['a +', 'a.matches("(a+)+$")', 'x'.repeat(5_000)])('refuses what cannot be read or could hang: %.20s', (text) => {
    expect(() => compileExpression(text)).toThrow(ExpressionError)
  })

  it('says what is missing', () => {
    expect(() => evaluate('decide.label', { decide: {} })).toThrow(/No such key: label/)
    expect(() => holds('input.text', { input: { text: 'x' } })).toThrow(/must be true or false/)
  })

  it('does not hang on a pattern that would take JavaScript for ever', () => {
    expect(evaluate('like(text, "^(a+)+$")', { text: `${'a'.repeat(50_000)}!` })).toBe(false)
  })

  it.each([
    ['1.234,56', 1234.56],
    ['EUR 1,234.56', 1234.56],
    ['1,234', 1234],
    ['12,5', 12.5],
    ['-3', -3],
    ['1234567', 1234567],
    ['none', null],
  ])('reads the number %s', (text, expected) => {
    expect(toNumber(text)).toBe(expected)
  })

  it('fills templates', () => {
    expect(
      render('Do {{ decide.action }} for {{ input.n }}? {{ none }}', {
        decide: { action: 'refund' },
        input: { n: 3 },
        none: null,
      }),
    ).toBe('Do refund for 3? ')
  })
})

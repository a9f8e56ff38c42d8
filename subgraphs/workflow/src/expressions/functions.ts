import type { Environment } from '@marcbachmann/cel-js'
import { RE2JS } from 're2js'
import { groundingOf } from './grounding.ts'

/**
 * What expressions can call beside CEL's own. Regular expressions run by RE2's rules, in time linear in the text, so none can hang; CEL's own
 * `matches` runs JavaScript's and is refused when an expression is checked.
 */
export function registerFunctions(environment: Environment): Environment {
  for (const operator of ['+', '-', '*', '/', '%'] as const) {
    // JSON knows one kind of number, and its whole ones must mix with CEL's integers.
    environment.registerOperator(`double ${operator} int`, (a: number, b: bigint) => ARITHMETIC[operator](a, Number(b)))
    environment.registerOperator(`int ${operator} double`, (a: bigint, b: number) => ARITHMETIC[operator](Number(a), b))
  }
  return environment
    .registerFunction('like(string, string): bool', (text: string, pattern: string) => patternOf(pattern).matcher(text).find())
    .registerFunction('capture(string, string): dyn', capture)
    .registerFunction('number(dyn): dyn', (value: unknown) => toNumber(String(value)))
    .registerFunction('sum(list): double', (values: unknown[]) =>
      values.reduce<number>((all, one) => all + (Number(one) || 0), 0),
    )
    .registerFunction('join(list, string): string', (values: unknown[], between: string) => values.map(String).join(between))
    .registerFunction('round(dyn, int): double', (value: unknown, digits: bigint) =>
      Number(Number(value).toFixed(Number(digits))),
    )
    .registerFunction('first_match(string, list, dyn): dyn', firstMatch)
    .registerFunction('grounding(string, string, list): double', (reply: string, request: string, evidence: unknown[]) =>
      groundingOf(reply, request, evidence as Parameters<typeof groundingOf>[2]),
    )
}

const ARITHMETIC = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
  '%': (a: number, b: number) => a % b,
}

const patterns = new Map<string, RE2JS>()

/** @throws when the pattern is none that RE2 knows */
export function patternOf(pattern: string): RE2JS {
  const known = patterns.get(pattern)
  if (known !== undefined) return known
  const compiled = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE | RE2JS.MULTILINE)
  if (patterns.size >= 1_000) patterns.clear()
  patterns.set(pattern, compiled)
  return compiled
}

/** The first group of the first match, the whole match without one, or null. */
export function capture(text: string, pattern: string): string | null {
  const matcher = patternOf(pattern).matcher(text)
  if (!matcher.find()) return null
  return matcher.groupCount() > 0 ? matcher.group(1) : matcher.group()
}

/** A number as people write it, "1.234,56" or "1,234.56"; null when it is none. */
export function toNumber(text: string): number | null {
  const digits = text.replaceAll(/[^\d.,+-]/g, '')
  const decimal = Math.max(digits.lastIndexOf('.'), digits.lastIndexOf(','))
  const isGroup = decimal === -1 || (/^[+-]?\d{1,3}([.,]\d{3})+$/.test(digits) && new Set(digits.match(/[.,]/g)).size === 1)
  const whole = isGroup ? digits : digits.slice(0, decimal)
  const fraction = isGroup ? '' : digits.slice(decimal + 1)
  const value = Number(`${whole.replaceAll(/[.,]/g, '')}.${fraction || '0'}`)
  return /\d/.test(digits) && Number.isFinite(value) ? value : null
}

/** The `value` of the first rule `{ pattern, value }` whose pattern the text matches, else the default. */
function firstMatch(text: string, rules: unknown[], otherwise: unknown): unknown {
  for (const rule of rules as { pattern?: unknown; value?: unknown }[]) {
    if (typeof rule?.pattern === 'string' && patternOf(rule.pattern).matcher(text).find()) return rule.value ?? null
  }
  return otherwise
}

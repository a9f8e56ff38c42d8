import { compileExpression, type Expression, type Values } from './expression.ts'

const SLOT = /\{\{([\s\S]*?)\}\}/g

/** The expressions of a template: what stands between `{{` and `}}`. @throws {ExpressionError} when one cannot be read */
export const slotsOf = (template: string): Expression[] =>
  [...template.matchAll(SLOT)].map(([, text]) => compileExpression(text!.trim()))

/** The template with the values of its expressions; null is empty, lists and objects are JSON. @throws {ExpressionError} */
export const render = (template: string, values: Values): string =>
  template.replaceAll(SLOT, (_slot, text: string) => asText(compileExpression(text.trim()).evaluate(values)))

function asText(value: unknown): string {
  if (value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

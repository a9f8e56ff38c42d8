import type { z } from 'zod'
import { NODE_KINDS, workflowDefinition, type WorkflowDefinition } from '../definition.ts'
import { listed, type Report } from './report.ts'

type Issue = z.core.$ZodIssue

/** The document with its defaults, or null after reporting what does not have the right shape. */
export function parseShape(document: unknown, report: Report): WorkflowDefinition | null {
  const parsed = workflowDefinition.safeParse(document)
  if (parsed.success) return parsed.data
  for (const issue of parsed.error.issues) {
    const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
    if (issue.code === 'unrecognized_keys') for (const key of issue.keys) report([...path, key], 'is not known here')
    else report(path, messageOf(issue, valueAt(document, path)))
  }
  return null
}

const PLURAL: Record<string, string> = { string: 'characters', array: 'entries', map: 'entries', set: 'entries' }
const WORDS: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  boolean: 'true or false',
}

function messageOf(issue: Issue, value: unknown): string {
  if (value === undefined) return 'is missing'
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${WORDS[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.map(String).join(', ')}`}`
    case 'invalid_union':
      return issue.path.at(-1) === 'kind' ? `must be one of ${NODE_KINDS.join(', ')}` : unionMessage(issue.errors)
    case 'too_small':
      return `must ${PLURAL[issue.origin] ? 'have' : 'be'} ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${unit(issue.origin)}`
    case 'too_big':
      return `must ${PLURAL[issue.origin] ? 'have' : 'be'} ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${unit(issue.origin)}`
    case 'invalid_key':
      return 'is a name that cannot stand here: 1 to 100 characters'
    default:
      return issue.message
  }
}

const unit = (origin: string) => (PLURAL[origin] ? ` ${PLURAL[origin]}` : '')
const unionMessage = (errors: Issue[][]) =>
  `must be ${listed(new Set(errors.flat().map((one) => messageOf(one, one).replace(/^must be /, '')))).replace(' and ', ' or ')}`

function valueAt(document: unknown, path: (string | number)[]): unknown {
  return path.reduce<unknown>((value, part) => {
    if (typeof value !== 'object' || value === null) return undefined
    return Object.hasOwn(value, part) ? (value as Record<string | number, unknown>)[part] : undefined
  }, document)
}

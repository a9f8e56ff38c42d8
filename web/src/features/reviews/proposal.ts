import { rowsOf } from '../../ui/json-rows.ts'
import type { FieldSchema, ObjectSchema } from '../../ui/schema-form/schema.ts'

/** The fields of a proposal that have a place of their own on the page. */
export interface Proposal {
  /** What the customer wrote. */
  text?: string | undefined
  intent?: string | undefined
  action?: string | undefined
  reply?: string | undefined
  /** Why a person is asked. */
  reason?: string | undefined
  /** Confidence from which no person is asked, 0 to 1. */
  threshold?: number | undefined
}

export const SHOWN_KEYS = ['text', 'intent', 'action', 'reply', 'reason', 'threshold', 'confidence']

export function proposalOf({ proposal, run }: { proposal: unknown; run?: { input: unknown } | null }): Proposal {
  const given = (typeof proposal === 'object' && proposal !== null ? proposal : {}) as Record<string, unknown>
  const input = (typeof run?.input === 'object' && run?.input !== null ? run.input : {}) as Record<string, unknown>
  const word = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
  return {
    text: word(given['text']) ?? word(input['text']),
    intent: word(given['intent']),
    action: word(given['action']),
    reply: word(given['reply']),
    reason: word(given['reason']),
    threshold: typeof given['threshold'] === 'number' ? given['threshold'] : undefined,
  }
}

/** The form for an edit: the review's own schema, else the fields of its proposal. */
export function editSchema(responseSchema: unknown, proposal: unknown): ObjectSchema {
  const schema = responseSchema as ObjectSchema | null
  if (schema?.properties && Object.keys(schema.properties).length > 0) return { ...schema, required: missing(schema, proposal) }
  const names = Object.keys(fieldsOf(proposal)).filter((name) => !CONTEXT.includes(name))
  return {
    properties: Object.fromEntries(
      (names.length > 0 ? names : ['reply']).map((name) => [name, fieldFor(fieldsOf(proposal)[name])]),
    ),
  }
}

/** The form for an answer in own words: a reply where one is asked for, else all that is. */
export function answerSchema(responseSchema: unknown, proposal: unknown): ObjectSchema {
  const schema = responseSchema as ObjectSchema | null
  const isReply = schema?.properties ? 'reply' in schema.properties : 'reply' in fieldsOf(proposal)
  if (isReply) return { properties: { reply: { type: 'string', title: 'Reply' } }, required: ['reply'] }
  return schema?.properties ? schema : editSchema(null, proposal)
}

/** What a proposal tells beside what is proposed. */
const CONTEXT = ['text', 'reason', 'threshold', 'confidence', 'action']

/** What is left out of an edit stays as proposed. */
const missing = ({ required = [] }: ObjectSchema, proposal: unknown) =>
  required.filter((name) => fieldsOf(proposal)[name] == null)

const fieldsOf = (value: unknown) => (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>

function fieldFor(value: unknown): FieldSchema {
  const rows = rowsOf(value)
  if (rows === null) return { type: ['number', 'boolean', 'object'].includes(typeof value) ? typeof value : 'string' }
  return {
    type: 'array',
    items: { properties: Object.fromEntries(Object.entries(rows[0]!).map(([name, cell]) => [name, fieldFor(cell)])) },
  }
}

/** Only what was changed counts as an edit. */
export function changedFields(value: Record<string, unknown>, proposal: unknown): Record<string, unknown> {
  const given = (proposal ?? {}) as Record<string, unknown>
  return Object.fromEntries(
    Object.entries(value).filter(([name, entry]) => JSON.stringify(entry) !== JSON.stringify(given[name])),
  )
}

/** The part of JSON Schema that the forms understand; anything else is edited as JSON. */
export interface FieldSchema {
  type?: string | string[]
  title?: string
  description?: string
  enum?: unknown[]
  examples?: unknown[]
  default?: unknown
  minLength?: number
  maxLength?: number
  format?: string
  minimum?: number
  maximum?: number
  /** Seldom needed: shown to who asks for more. */
  advanced?: boolean
}

export interface ObjectSchema {
  properties?: Record<string, FieldSchema>
  required?: string[]
  examples?: unknown[]
}

export type FieldKind = 'text' | 'paragraph' | 'number' | 'boolean' | 'choice' | 'json'

/** Texts that have no short limit are written in a text area. */
const SHORT_TEXT = 300

export function fieldKind(name: string, schema: FieldSchema): FieldKind {
  if (schema.enum) return 'choice'
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type
  if (type === 'string') return isParagraph(name, schema) ? 'paragraph' : 'text'
  if (type === 'number' || type === 'integer') return 'number'
  return type === 'boolean' ? 'boolean' : 'json'
}

const isParagraph = (name: string, schema: FieldSchema) =>
  /^(text|body|message|reply|description|notes?)$/i.test(name) || (schema.maxLength ?? 0) > SHORT_TEXT

/** What the fields hold while they are edited: everything as text, except yes or no. */
export type Draft = Record<string, string | boolean>

export function toDraft(schema: ObjectSchema, value: unknown): Draft {
  const given = (value ?? {}) as Record<string, unknown>
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, field]) => {
      const current = given[name] ?? field.default
      if (fieldKind(name, field) === 'boolean') return [name, current === true]
      if (current === undefined || current === null) return [name, '']
      return [name, typeof current === 'object' ? JSON.stringify(current, null, 2) : `${current as string | number | boolean}`]
    }),
  )
}

export interface Parsed {
  value: Record<string, unknown>
  /** By field: what has to be corrected before it is worth sending. */
  faults: Record<string, string>
}

/** Turns what was typed into the value that the schema describes; fields left empty are left out. */
export function fromDraft(schema: ObjectSchema, draft: Draft): Parsed {
  const parsed: Parsed = { value: {}, faults: {} }
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const typed = draft[name] ?? ''
    if (typed === '') {
      if (schema.required?.includes(name)) parsed.faults[name] = 'This is needed.'
      continue
    }
    try {
      parsed.value[name] = parseField(name, field, typed)
    } catch (error) {
      parsed.faults[name] = error instanceof Error ? error.message : 'This cannot be read.'
    }
  }
  return parsed
}

function parseField(name: string, field: FieldSchema, typed: string | boolean): unknown {
  if (typeof typed === 'boolean') return typed
  const kind = fieldKind(name, field)
  if (kind === 'number') {
    const number = Number(typed)
    if (Number.isNaN(number)) throw new Error('This must be a number.')
    return number
  }
  if (kind === 'choice') return field.enum?.find((option) => String(option) === typed)
  if (kind !== 'json') {
    if (field.minLength !== undefined && typed.trim().length < field.minLength)
      throw new Error(`At least ${field.minLength} characters.`)
    return typed
  }
  try {
    return JSON.parse(typed) as unknown
  } catch {
    throw new Error('This is not valid JSON.')
  }
}

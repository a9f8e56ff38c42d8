export type ParsedText = { value: unknown } | { line: number; message: string }

/** What was typed as JSON, or where it stops being JSON. */
export function parseText(text: string): ParsedText {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch (error) {
    const { message } = error as Error
    return { line: lineOfFault(text, message), message: `The text is no JSON here: ${inWords(message)}` }
  }
}

/** Browsers say "at position 12" or "line 3 column 4"; one that says neither means the end. */
function lineOfFault(text: string, message: string): number {
  const line = /line (\d+)/.exec(message)?.[1]
  if (line !== undefined) return Number(line)
  const position = /position (\d+)/.exec(message)?.[1]
  return text.slice(0, position === undefined ? text.length : Number(position)).split('\n').length
}

const inWords = (message: string) =>
  message
    .replace(/^JSON\.parse: /, '')
    .replace(/ in JSON at position.*$/s, '')
    .replace(/, "[\s\S]*$/, '')
    .replace(/ at line.*$/s, '')
    .replace(/[.:]?\s*$/, '.')

interface Schema {
  properties?: Record<string, Schema>
  items?: Schema
  oneOf?: Schema[]
  const?: unknown
  default?: unknown
}

/** Members that say what something is stand first. */
const FIRST = ['name', 'kind', 'from', 'to']

/** A definition as its author would write it: in the order of the schema, without what is so unless one says otherwise. */
export function tidy(value: unknown, schema: Schema | undefined): unknown {
  if (Array.isArray(value)) return value.map((one) => tidy(one, schema?.items))
  if (typeof value !== 'object' || value === null) return value
  const given = value as Record<string, unknown>
  const properties = variantOf(schema, given)?.properties
  if (properties === undefined) return value
  const rank = (key: string) => {
    const place = FIRST.indexOf(key)
    const known = Object.keys(properties).indexOf(key)
    return place !== -1 ? place : FIRST.length + (known === -1 ? Number.MAX_SAFE_INTEGER / 2 : known)
  }
  const entries = Object.keys(given)
    .toSorted((one, other) => rank(one) - rank(other))
    .map((key) => [key, tidy(given[key], properties[key])] as const)
    .filter(([key, one]) => !isDefault(one, properties[key]))
  return Object.fromEntries(entries)
}

const variantOf = (schema: Schema | undefined, { kind }: Record<string, unknown>): Schema | undefined =>
  schema?.oneOf?.find(({ properties }) => properties?.['kind']?.const === kind) ?? schema

const isDefault = (value: unknown, schema: Schema | undefined) =>
  schema?.default !== undefined && JSON.stringify(value) === JSON.stringify(schema.default)

/** What a new workflow begins with: it can be published as it is. */
export const firstDefinition = {
  input: {
    type: 'object',
    required: ['text'],
    properties: { text: { type: 'string', title: 'Message', minLength: 1 } },
  },
  output: { type: 'object', properties: { answer: { type: 'string' } } },
  agents: [{ name: 'Reader', instructions: 'Decide what the message is about.' }],
  nodes: [
    { name: 'decide', kind: 'decide', agent: 'Reader', description: 'Says what the message is about.' },
    {
      name: 'review',
      kind: 'review',
      description: 'A person looks at it.',
      question: 'Is this about "{{ decide.intent }}"?',
      proposal: { intent: 'decide.intent' },
      confidence: 'decide.confidence',
    },
  ],
  edges: [
    { from: '__start__', to: 'decide' },
    { from: 'decide', to: 'review', when: 'decide.personNeeded != null', label: 'a person must decide' },
    { from: 'decide', to: '__end__', label: 'sure enough' },
    { from: 'review', to: '__end__' },
  ],
  result: { answer: 'review == null ? decide.intent : review.final.intent' },
}

/** `Invoice intake (new)` as a slug: `invoice-intake-new`. */
export const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 100)

/** The document cannot be used; the message says why. */
export class DocumentError extends Error {
  override name = 'DocumentError'
}

export type Node = Record<string, unknown>
export const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)

/** References within references; what lies deeper is taken as it comes. */
const MAX_DEPTH = 12
/** Values that one operation may unfold to: a few references can name each other into billions. */
const MAX_VALUES = 20_000

/** Puts the references (`#/…`) of a document in, and brings OpenAPI 3.0's own spelling of a schema to JSON Schema's. */
export class References {
  #left = MAX_VALUES

  constructor(private readonly document: Node) {}

  /** @throws {DocumentError} for a reference that leads nowhere or elsewhere, and for too many of them */
  resolve(value: unknown, seen: readonly string[] = []): unknown {
    if (--this.#left < 0) throw new DocumentError('is too large: its references unfold into too many parts')
    if (Array.isArray(value)) return value.map((item) => this.resolve(item, seen))
    if (!isNode(value)) return value
    const reference = value['$ref']
    if (typeof reference !== 'string')
      return modern(Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.resolve(one, seen)])))
    // A type that holds itself: at the second time anything goes.
    if (seen.includes(reference) || seen.length >= MAX_DEPTH) return {}
    return this.resolve(this.#targetOf(reference), [...seen, reference])
  }

  #targetOf(reference: string): unknown {
    if (!reference.startsWith('#/')) throw new DocumentError('refers to another document, which is not supported')
    let target: unknown = this.document
    for (const part of reference.slice(2).split('/')) {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
      target = isNode(target) && Object.hasOwn(target, key) ? target[key] : undefined
    }
    if (target === undefined) throw new DocumentError(`refers to ${reference.slice(0, 100)}, which is not there`)
    return target
  }
}

/** OpenAPI 3.0: `nullable`, and bounds that are exclusive by a flag. */
function modern(schema: Node): Node {
  const { nullable, exclusiveMinimum, exclusiveMaximum, ...rest } = schema
  if (nullable === true && typeof rest['type'] === 'string') rest['type'] = [rest['type'], 'null']
  else if (nullable !== undefined && typeof nullable !== 'boolean') rest['nullable'] = nullable
  for (const [name, value, bound] of [
    ['exclusiveMinimum', exclusiveMinimum, 'minimum'],
    ['exclusiveMaximum', exclusiveMaximum, 'maximum'],
  ] as const) {
    if (value === true) rest[name] = rest[bound]
    else if (value !== undefined && value !== false) rest[name] = value
  }
  return rest
}

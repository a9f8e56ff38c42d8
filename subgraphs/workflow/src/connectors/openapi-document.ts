import { parse } from 'yaml'
import type { JsonSchema } from './connector.ts'
import { DocumentError, isNode, References, type Node } from './openapi-references.ts'

/** Of a document, in characters. */
export const MAX_DOCUMENT = 512 * 1024
const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head'] as const

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  /** Its name among the arguments: another place may use the same name. */
  argument: string
  required: boolean
  schema: JsonSchema
  description?: string | undefined
}

/** One operation of an OpenAPI 3 document, without references. */
export interface Operation {
  id: string
  method: (typeof METHODS)[number]
  path: string
  summary: string | undefined
  server: string | undefined
  parameters: Parameter[]
  body: { schema: JsonSchema; required: boolean } | null
}

const nodesIn = (value: unknown): Node[] => (Array.isArray(value) ? value.filter(isNode) : [])
const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** JSON or YAML. @throws {DocumentError} */
export function parseDocument(text: string): Node {
  if (text.length > MAX_DOCUMENT) throw new DocumentError(`must have at most ${MAX_DOCUMENT / 1024} KB`)
  let document: unknown
  try {
    // Aliases that would unfold into more than a document can hold are refused.
    document = parse(text, { maxAliasCount: 100, prettyErrors: false, merge: false })
  } catch {
    throw new DocumentError('is neither JSON nor YAML')
  }
  if (!isNode(document) || !/^3\.\d/.test(textIn(document['openapi']) ?? ''))
    throw new DocumentError('is not an OpenAPI 3 document')
  return document
}

/** The ids of its operations, for who chooses one. */
export const operationIds = (document: Node): string[] =>
  [...operationsOf(document)].flatMap(([, , operation]) => textIn(operation['operationId']) ?? [])

/** @throws {DocumentError} when it is not there, or asks for something that is not supported */
export function findOperation(document: Node, id: string): Operation {
  const references = new References(document)
  for (const [path, method, operation, shared] of operationsOf(document)) {
    if (operation['operationId'] !== id) continue
    const given = nodesIn(references.resolve([...shared, ...nodesIn(operation['parameters'])]))
    return {
      id,
      method,
      path,
      summary: textIn(operation['summary']) ?? textIn(operation['description']),
      server: serverOf(operation['servers'] ?? document['servers']),
      parameters: parametersOf(given),
      body: bodyOf(references.resolve(operation['requestBody'])),
    }
  }
  const known = operationIds(document).slice(0, 8).join(', ')
  throw new DocumentError(`has no operation "${id}". It has: ${known || 'none with an operationId'}`)
}

function* operationsOf(document: Node): Generator<[path: string, method: Operation['method'], operation: Node, shared: Node[]]> {
  for (const [path, item] of Object.entries(isNode(document['paths']) ? document['paths'] : {})) {
    if (!isNode(item)) continue
    for (const method of METHODS) {
      const operation = item[method]
      if (isNode(operation)) yield [path, method, operation, nodesIn(item['parameters'])]
    }
  }
}

/** The first server, its variables at their defaults. */
function serverOf(servers: unknown): string | undefined {
  const [server] = nodesIn(servers)
  const variables = isNode(server?.['variables']) ? server['variables'] : {}
  return textIn(server?.['url'])?.replaceAll(/\{([^{}]+)\}/g, (place, name: string) => {
    const variable = variables[name]
    return (isNode(variable) ? textIn(variable['default']) : undefined) ?? place
  })
}

function parametersOf(given: Node[]): Parameter[] {
  const byPlace = new Map(given.map((one) => [`${String(one['in'])} ${String(one['name'])}`, one]))
  const taken = new Set(['body'])
  return [...byPlace.values()].flatMap((one) => {
    const [name, place] = [textIn(one['name']) ?? '', textIn(one['in']) ?? '']
    const required = place === 'path' || one['required'] === true
    if (place !== 'path' && place !== 'query' && place !== 'header') {
      if (required) throw new DocumentError(`asks for "${name}" in a ${place}, which is not supported`)
      return []
    }
    if (one['content'] !== undefined && required) throw new DocumentError(`asks for "${name}" in a form that is not supported`)
    const plain = name.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 50)
    const argument = taken.has(plain) ? `${plain}_${place}` : plain
    taken.add(argument)
    const schema = isNode(one['schema']) ? one['schema'] : {}
    return [{ name, in: place, argument, required, schema, description: textIn(one['description']) }]
  })
}

function bodyOf(body: unknown): Operation['body'] {
  if (!isNode(body)) return null
  const content = isNode(body['content']) ? body['content'] : {}
  const type = Object.keys(content).find((name) => /^application\/([\w.+-]+\+)?json\b/.test(name))
  if (type === undefined) {
    if (body['required'] === true) throw new DocumentError('asks for content that is not JSON, which is not supported')
    return null
  }
  const media = content[type]
  return { schema: isNode(media) && isNode(media['schema']) ? media['schema'] : {}, required: body['required'] === true }
}

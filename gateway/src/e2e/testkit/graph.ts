import { buildSchema, isInterfaceType, isObjectType, type GraphQLFieldMap, type GraphQLSchema } from 'graphql'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const directory = fileURLToPath(new URL('../../../../schema/', import.meta.url))
const read = (name: string) => readFileSync(`${directory}${name}`, 'utf8')

/** What clients see. */
export const api: GraphQLSchema = buildSchema(read('api.graphql'))

const WHOLE = ['api.graphql', 'supergraph.graphql']

export interface Part {
  name: string
  schema: GraphQLSchema
  /** Types with a `@key`: whoever reaches the subgraph may ask for them by `_entities`. */
  entities: string[]
}

/** The subgraphs, each with its own part of the graph. */
export const parts: Part[] = readdirSync(directory)
  .filter((name) => name.endsWith('.graphql') && !WHOLE.includes(name))
  .map((name) => {
    const sdl = read(name)
    // Federation's own directives are known to the builder of a subgraph only.
    const schema = buildSchema(sdl.replace(/^extend schema .*$/m, ''), { assumeValidSDL: true })
    const entities = [...sdl.matchAll(/^type (\w+)[^{]*@key\(/gm)].map((match) => match[1]!)
    return { name: name.replace('.graphql', ''), schema, entities }
  })

export const ROOTS = ['Query', 'Mutation', 'Subscription'] as const

/** Root fields by coordinate: `Query.run`. */
export const rootFields = ROOTS.flatMap((root) => Object.keys(fieldsOf(api, root)).map((field) => `${root}.${field}`))

export function fieldsOf(schema: GraphQLSchema, type: string): GraphQLFieldMap<unknown, unknown> {
  const found = schema.getType(type)
  return isObjectType(found) || isInterfaceType(found) ? found.getFields() : {}
}

/** One line of `schema/access.md`. */
export interface AccessLine {
  coordinate: string
  /** One of these sets of scopes; null: a token; undefined: nothing. */
  needs: string[][] | null | undefined
  /** By column: `nobody` and each role. */
  may: Record<string, boolean>
}

/** `schema/access.md`, as a person reads it. */
export const accessLines: AccessLine[] = readLines(read('access.md'))

export const roles = Object.keys(accessLines[0]!.may).filter((column) => column !== 'nobody')

function readLines(text: string): AccessLine[] {
  const rows = text.split('\n').flatMap((line) => (line.startsWith('|') ? [cellsOf(line)] : []))
  const columns = rows.find(([first]) => first === 'field')!.slice(2)
  return rows.flatMap(([field = '', needs = '', ...cells]) => {
    const coordinate = /^`(.+)`$/.exec(field)?.[1]
    if (coordinate === undefined) return []
    return [
      {
        coordinate,
        needs: setsOf(needs),
        may: Object.fromEntries(columns.map((column, place) => [column, cells[place] === 'yes'])),
      },
    ]
  })
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
}

function setsOf(words: string): AccessLine['needs'] {
  if (words === 'nothing') return undefined
  return words === 'a token' ? null : words.split(', or ').map((set) => set.split(' and '))
}

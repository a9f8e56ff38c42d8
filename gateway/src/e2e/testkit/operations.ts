import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql'
import { fieldsOf } from './graph.ts'

/** Arguments by the coordinate of their field: `{ 'Query.run': { id: '…' } }`; those of a type anywhere by its name: `{ 'ID!': '…' }`. */
export type Arguments = Record<string, unknown>

export interface GeneratedOperation {
  query: string
  variables: Record<string, unknown>
  /** Every coordinate that stands in it. */
  coordinates: string[]
}

interface Step {
  /** `Type.field` */
  coordinate: string
  field: GraphQLField<unknown, unknown>
  /** The concrete type to look at within a union or interface. */
  on?: string
}

export interface OperationOptions {
  /** Levels of everything below the field that are selected; 0: its type's name. */
  depth?: number
  /** Fields that are left out. */
  without?: (coordinate: string) => boolean
}

/**
 * The operation that selects one field: a root field, or any other by the shortest way from a query.
 * @throws when an argument has no value, or no query leads to the field
 */
export function operationOf(
  schema: GraphQLSchema,
  coordinate: string,
  given: Arguments,
  options: OperationOptions = {},
): GeneratedOperation {
  return new OperationWriter(schema, given, options).write(wayTo(schema, coordinate))
}

/** The operation by which a subgraph is asked for one field of an entity: what the gateway sends it. */
export function referenceOf(
  schema: GraphQLSchema,
  coordinate: string,
  id: string,
  given: Arguments,
  options: OperationOptions = {},
): GeneratedOperation {
  const [type = '', name = ''] = coordinate.split('.')
  const step = { coordinate, field: fieldsOf(schema, type)[name]! }
  return new OperationWriter(schema, given, options).writeReference(type, id, step)
}

/** The shortest way from a query to a field, the field itself included. */
export function wayTo(schema: GraphQLSchema, coordinate: string): Step[] {
  const [type = '', name = ''] = coordinate.split('.')
  const field = fieldsOf(schema, type)[name]
  if (field === undefined) throw new Error(`${coordinate} does not exist`)
  const last = { coordinate, field }
  if (['Query', 'Mutation', 'Subscription'].includes(type)) return [last]
  const open: { at: string; steps: Step[] }[] = [{ at: 'Query', steps: [] }]
  const seen = new Set<string>()
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    if (next.at === type) return [...next.steps, last]
    if (seen.has(next.at)) continue
    seen.add(next.at)
    for (const step of stepsFrom(schema, next.at))
      open.push({ at: step.on ?? getNamedType(step.field.type).name, steps: [...next.steps, step] })
  }
  throw new Error(`no query leads to ${coordinate}`)
}

function stepsFrom(schema: GraphQLSchema, type: string): Step[] {
  return Object.values(fieldsOf(schema, type)).flatMap((field): Step[] => {
    const coordinate = `${type}.${field.name}`
    const returned = getNamedType(field.type)
    if (isAbstractType(returned)) return schema.getPossibleTypes(returned).map(({ name }) => ({ coordinate, field, on: name }))
    return isObjectType(returned) ? [{ coordinate, field }] : []
  })
}

class OperationWriter {
  readonly #variables: Record<string, unknown> = {}
  readonly #declared: string[] = []
  readonly #coordinates: string[] = []

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly given: Arguments,
    private readonly options: OperationOptions,
  ) {}

  write(steps: Step[]): GeneratedOperation {
    const kind = steps[0]!.coordinate.split('.')[0]!.toLowerCase()
    const body = this.#step(steps, 0)
    const declared = this.#declared.length === 0 ? '' : `(${this.#declared.join(', ')})`
    return { query: `${kind} Generated${declared} { ${body} }`, variables: this.#variables, coordinates: this.#coordinates }
  }

  writeReference(type: string, id: string, step: Step): GeneratedOperation {
    this.#declared.push('$representations: [_Any!]!')
    this.#variables['representations'] = [{ __typename: type, id }]
    const body = `... on ${type} { ${this.#step([step], 0)} }`
    const query = `query Generated(${this.#declared.join(', ')}) { _entities(representations: $representations) { ${body} } }`
    return { query, variables: this.#variables, coordinates: this.#coordinates }
  }

  #step(steps: Step[], index: number): string {
    const { coordinate, field, on } = steps[index]!
    const head = this.#head(coordinate, field)
    if (index === steps.length - 1) return `${head}${this.#selection(getNamedType(field.type), this.options.depth ?? 0)}`
    const inner = this.#step(steps, index + 1)
    return `${head} { ${on === undefined ? inner : `... on ${on} { ${inner} }`} }`
  }

  #head(coordinate: string, field: GraphQLField<unknown, unknown>): string {
    this.#coordinates.push(coordinate)
    const values = (this.given[coordinate] ?? {}) as Record<string, unknown>
    const used = field.args.filter((argument) => argument.name in values || isRequiredArgument(argument))
    if (used.length === 0) return field.name
    return `${field.name}(${used.map((argument) => `${argument.name}: $${this.#variable(coordinate, argument, values)}`).join(', ')})`
  }

  #variable(coordinate: string, argument: GraphQLArgument, values: Record<string, unknown>): string {
    const type = String(argument.type)
    const value = argument.name in values ? values[argument.name] : this.given[type]
    if (value === undefined) {
      throw new Error(
        `${coordinate} needs ${argument.name}: ${type}: say what to send under '${coordinate}' in gateway/src/e2e/testkit (harmless-arguments.ts for the rights, foreign-arguments.ts for the tenants)`,
      )
    }
    const name = `v${this.#declared.length}`
    this.#declared.push(`$${name}: ${type}`)
    this.#variables[name] = value
    return name
  }

  #selection(type: GraphQLNamedType, depth: number): string {
    if (isLeafType(type)) return ''
    if (depth === 0 || !isCompositeType(type)) return ' { __typename }'
    if (isAbstractType(type)) {
      const members = this.schema
        .getPossibleTypes(type)
        .map((member) => `... on ${member.name} { ${this.#fields(member, depth)} }`)
      return ` { __typename ${members.join(' ')} }`
    }
    return ` { __typename ${this.#fields(type, depth)} }`
  }

  /** Everything of a type, each field under an alias of its own: members of a union may have one name with two types. */
  #fields(type: GraphQLNamedType, depth: number): string {
    return Object.values(fieldsOf(this.schema, type.name))
      .filter((field) => !this.options.without?.(`${type.name}.${field.name}`))
      .filter((field) => depth > 1 || isLeafType(getNamedType(field.type)))
      .filter((field) => isLeafType(getNamedType(field.type)) || !field.args.some(isRequiredArgument))
      .map((field) => `${field.name}${this.#selection(getNamedType(field.type), depth - 1)}`)
      .join(' ')
  }
}

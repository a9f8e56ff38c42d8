import {
  Kind,
  parse,
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type TypeNode,
} from 'graphql'

/** What a field or type demands: one of these sets of scopes; null: to be signed in. */
export type Demand = string[][] | null

/** One schema's types as access control sees them, read from SDL: a subgraph's or the supergraph's. */
export interface AccessSchema {
  /** Fields of object types and interfaces by type: the type that each returns, and what it demands. */
  types: Map<string, AccessType>
  /** Members of unions and implementations of interfaces. */
  members: Map<string, string[]>
  /** Everything that carries a rule, by coordinate (`Type` or `Type.field`). */
  rules: Map<string, Demand>
}

export interface AccessType {
  kind: 'object' | 'interface'
  fields: Map<string, string>
}

export const ROOTS = ['Query', 'Mutation', 'Subscription']

/** Reads `@authenticated` and `@requiresScopes` as they stand; of several rules on one place the scopes count. */
export function readAccess(sdl: string): AccessSchema {
  const document = parse(sdl, { noLocation: true })
  const schema: AccessSchema = { types: new Map(), members: new Map(), rules: new Map() }
  for (const node of document.definitions) {
    if (!('name' in node) || node.name === undefined) continue
    const name = node.name.value
    if (name.includes('__')) continue
    if ('directives' in node) addRule(schema, name, node.directives as readonly ConstDirectiveNode[])
    if (node.kind === Kind.UNION_TYPE_DEFINITION) add(schema.members, name, ...(node.types ?? []).map((type) => type.name.value))
    if (!isComposite(node)) continue
    for (const { name: implemented } of node.interfaces ?? []) add(schema.members, implemented.value, name)
    const type = schema.types.get(name) ?? { kind: isInterface(node.kind) ? 'interface' : 'object', fields: new Map() }
    schema.types.set(name, type)
    for (const field of node.fields ?? []) {
      type.fields.set(field.name.value, namedType(field.type))
      addRule(schema, `${name}.${field.name.value}`, field.directives)
    }
  }
  return schema
}

type Composite = Extract<DocumentNode['definitions'][number], { interfaces?: unknown; fields?: readonly FieldDefinitionNode[] }>

const COMPOSITES: string[] = [
  Kind.OBJECT_TYPE_DEFINITION,
  Kind.OBJECT_TYPE_EXTENSION,
  Kind.INTERFACE_TYPE_DEFINITION,
  Kind.INTERFACE_TYPE_EXTENSION,
]
const isComposite = (node: DocumentNode['definitions'][number]): node is Composite => COMPOSITES.includes(node.kind)
const isInterface = (kind: string) => kind === Kind.INTERFACE_TYPE_DEFINITION || kind === Kind.INTERFACE_TYPE_EXTENSION

const add = (map: Map<string, string[]>, key: string, ...values: string[]) => map.set(key, [...(map.get(key) ?? []), ...values])

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type)
}

function addRule({ rules }: AccessSchema, coordinate: string, directives: readonly ConstDirectiveNode[] = []) {
  for (const { name, arguments: given = [] } of directives) {
    if (name.value === 'authenticated' && !rules.has(coordinate)) rules.set(coordinate, null)
    if (name.value !== 'requiresScopes') continue
    const scopes: unknown = given[0] === undefined ? [] : valueFromASTUntyped(given[0].value)
    rules.set(coordinate, toSets(scopes))
  }
}

/** GraphQL's input coercion: a single value stands for a list of one, at both levels. */
const toSets = (value: unknown): string[][] =>
  (Array.isArray(value) ? value : [value]).map((set) => (Array.isArray(set) ? set : [set]).map(String))

/** Whether these scopes satisfy a demand. */
export const meets = (scopes: ReadonlySet<string>, demand: Demand | undefined): boolean =>
  demand === undefined || demand === null || demand.some((all) => all.every((scope) => scopes.has(scope)))

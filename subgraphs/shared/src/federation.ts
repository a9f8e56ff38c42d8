import { buildSubgraphSchema } from '@apollo/subgraph'
import { DateTimeISOResolver, JSONResolver } from 'graphql-scalars'
import {
  Kind,
  parse,
  print,
  printSchema,
  visit,
  type ASTNode,
  type ASTVisitFn,
  type ASTVisitor,
  type ConstDirectiveNode,
  type DocumentNode,
  GraphQLScalarType,
  type GraphQLSchema,
} from 'graphql'
import { buildSchema, createResolversMap, type BuildSchemaOptions } from 'type-graphql'

/** Scalars that every subgraph shares. `@Field(() => DateTime)`, `@Field(() => JSONValue)`. */
export const DateTime = new GraphQLScalarType({
  ...DateTimeISOResolver.toConfig(),
  name: 'DateTime',
  description: 'A time in ISO 8601, UTC.',
})
export const JSONValue: GraphQLScalarType = JSONResolver

type ReferenceResolver<C> = (reference: Record<string, unknown>, context: C) => unknown

export interface SubgraphOptions<C> {
  resolvers: BuildSchemaOptions['resolvers']
  /** Entities and other types that no query of this subgraph reaches. */
  orphanedTypes?: BuildSchemaOptions['orphanedTypes']
  /** `__resolveReference` by entity name; each goes through the service, so that ownership is checked there too. */
  references?: Record<string, ReferenceResolver<C>>
  /** Directives for enums, scalars and unions, which type-graphql cannot carry: `{ Actor: '@shareable' }`. */
  directives?: Record<string, string>
}

export interface Subgraph {
  schema: GraphQLSchema
  /** The subgraph's SDL, as committed under `schema/`. */
  sdl: string
}

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override", "@inaccessible", "@tag", "@authenticated", "@requiresScopes"])'

/**
 * Builds a federation 2.9 subgraph from type-graphql resolvers. `printSubgraphSchema` loses directives of such a schema, so the printed
 * schema gets each type's and field's directives grafted on from its `astNode`, and the subgraph is built from that text.
 */
export async function buildSubgraph<C>(options: SubgraphOptions<C>): Promise<Subgraph> {
  const schema = await buildSchema({
    resolvers: options.resolvers,
    orphanedTypes: options.orphanedTypes ?? [],
    scalarsMap: [{ type: Date, scalar: DateTime }],
    validate: { forbidUnknownValues: false },
    // Every subscription here brings its own `subscribe`; type-graphql wants a pubSub all the same.
    pubSub: {
      publish: () => {},
      subscribe: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }) as never,
    },
  })
  const document = graftDirectives(schema, options.directives ?? {})
  const resolvers = createResolversMap(schema) as Record<string, Record<string, unknown>>
  for (const [name, resolve] of Object.entries(options.references ?? {})) {
    resolvers[name] = { ...resolvers[name], __resolveReference: (reference: never, context: C) => resolve(reference, context) }
  }
  const sdl = `${LINK}\n\n${print(document)}\n`
  return { schema: buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolvers as never }), sdl }
}

function graftDirectives(schema: GraphQLSchema, extra: Record<string, string>): DocumentNode {
  const enter = (node: TypeNode) => {
    const declared = schema.getType(node.name.value) as Grafted & { getFields?: () => Record<string, Grafted> }
    const fields = declared.getFields?.() ?? {}
    return {
      ...node,
      directives: [...directivesOf(declared), ...parseDirectives(extra[node.name.value])],
      fields: node.fields?.map((field) => ({
        ...field,
        directives: [...directivesOf(fields[field.name.value]), ...(field.directives ?? [])],
      })),
    }
  }
  const type = { enter } as { enter: ASTVisitFn<ASTNode> }
  return visit(parse(printSchema(schema)), {
    ObjectTypeDefinition: type,
    InterfaceTypeDefinition: type,
    InputObjectTypeDefinition: type,
    EnumTypeDefinition: type,
    UnionTypeDefinition: type,
    ScalarTypeDefinition: type,
  } as ASTVisitor)
}

interface TypeNode {
  name: { value: string }
  fields?: readonly { name: { value: string }; directives?: readonly ConstDirectiveNode[] }[]
}

interface Grafted {
  astNode?: { directives?: readonly ConstDirectiveNode[] } | null | undefined
}

const directivesOf = (definition: Grafted | undefined) =>
  (definition?.astNode?.directives ?? []).filter((directive) => directive.name.value !== 'deprecated')

function parseDirectives(text: string | undefined): readonly ConstDirectiveNode[] {
  if (text === undefined) return []
  const definition = parse(`scalar X ${text}`).definitions[0]!
  return definition.kind === Kind.SCALAR_TYPE_DEFINITION ? (definition.directives ?? []) : []
}

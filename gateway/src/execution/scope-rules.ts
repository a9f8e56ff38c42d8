import { Kind, parse, valueFromASTUntyped, type ConstDirectiveNode, type DocumentNode } from 'graphql'

/** What a type or field demands of the caller: to be signed in, and one of the sets of scopes (an OR of ANDs; `[]` is a denial). */
export interface ScopeRule {
  anyOf: string[][] | null
}

/** Rules by coordinate: `Type` or `Type.field`. */
export type ScopeRules = ReadonlyMap<string, ScopeRule[]>

/**
 * Reads `@authenticated` and `@requiresScopes` from the full supergraph document; the API schema no longer has them. The names are
 * those of the supergraph's own `@link`s, so that an import under another name counts as well.
 */
export function readScopeRules(supergraphSdl: string): ScopeRules {
  const document = parse(supergraphSdl, { noLocation: true })
  const names = linkedNames(document)
  const rules = new Map<string, ScopeRule[]>()
  const add = (coordinate: string, directives: readonly ConstDirectiveNode[] | undefined) => {
    const found = (directives ?? []).flatMap((directive) => toRule(directive, names))
    if (found.length > 0) rules.set(coordinate, [...(rules.get(coordinate) ?? []), ...found])
  }
  for (const definition of document.definitions) {
    if (!('name' in definition) || definition.name === undefined || !('directives' in definition)) continue
    const type = definition.name.value
    add(type, definition.directives as readonly ConstDirectiveNode[])
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue
    for (const field of definition.fields ?? []) add(`${type}.${field.name.value}`, field.directives)
  }
  return rules
}

interface LinkedNames {
  authenticated: string
  requiresScopes: string
}

function linkedNames(document: DocumentNode): LinkedNames {
  const names: LinkedNames = { authenticated: 'authenticated', requiresScopes: 'requiresScopes' }
  const links = document.definitions
    .filter((definition) => definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION)
    .flatMap((definition) => definition.directives ?? [])
    .filter((directive) => directive.name.value === 'link')
  for (const link of links) {
    const { url, as } = argumentsOf(link) as { url?: string; as?: string }
    const spec = /\/(authenticated|requiresScopes)\/v[\d.]+$/.exec(url ?? '')?.[1] as keyof LinkedNames | undefined
    if (spec !== undefined && as !== undefined) names[spec] = as
  }
  return names
}

function toRule(directive: ConstDirectiveNode, names: LinkedNames): ScopeRule[] {
  if (directive.name.value === names.authenticated) return [{ anyOf: null }]
  if (directive.name.value !== names.requiresScopes) return []
  const { scopes } = argumentsOf(directive) as { scopes?: unknown }
  return [{ anyOf: toSets(scopes) }]
}

/** GraphQL's input coercion: a single value stands for a list of one, at both levels. */
const toSets = (value: unknown): string[][] =>
  (Array.isArray(value) ? value : [value]).map((set) => (Array.isArray(set) ? set : [set]).map(String))

const argumentsOf = (directive: ConstDirectiveNode) =>
  Object.fromEntries((directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]))

import { readAccess, ROOTS, type AccessSchema, type Demand } from './access-rules.ts'
import { reachedWithLess } from './reach.ts'

export interface AccessInput {
  /** Each subgraph's SDL by its name. */
  subgraphs: Record<string, string>
  supergraph: string
  /** Root fields that need nobody to be signed in: `Query.viewer`. */
  publicFields: string[]
  /** Every scope that there is. */
  scopes: readonly string[]
  /** Scopes that guard nothing yet, each with the reason. */
  reserved?: Record<string, string>
}

/** Everything in the graph that is open without being meant to be, a sentence each; none: the rules hold. */
export function accessFaults({ subgraphs, supergraph, publicFields, scopes, reserved = {} }: AccessInput): string[] {
  const parts = Object.entries(subgraphs).map(([name, sdl]) => ({ name, schema: readAccess(sdl) }))
  const whole = readAccess(supergraph)
  const all = [...parts, { name: 'supergraph', schema: whole }]
  return [
    ...all.flatMap(({ name, schema }) => openRoots(schema, publicFields).map((field) => `${name}: ${field}`)),
    ...all.flatMap(({ name, schema }) => [...ruleFaults(schema, scopes)].map((fault) => `${name}: ${fault}`)),
    ...publicFields
      .filter((field) => !hasField(whole, field))
      .map((field) => `public-fields.json names ${field}, which does not exist`),
    ...lostRules(
      parts.map(({ schema }) => schema),
      whole,
    ),
    ...scopeFaults(whole, scopes, reserved),
    ...reachedWithLess(whole),
  ]
}

function openRoots({ types, rules }: AccessSchema, publicFields: string[]): string[] {
  const coordinates = ROOTS.flatMap((root) => [...(types.get(root)?.fields.keys() ?? [])].map((field) => `${root}.${field}`))
  return coordinates
    .filter((coordinate) => !coordinate.includes('._'))
    .flatMap((coordinate) => {
      const isPublic = publicFields.includes(coordinate)
      if (rules.has(coordinate))
        return isPublic ? [`${coordinate} is in public-fields.json and demands something all the same`] : []
      return isPublic ? [] : [`${coordinate} has neither @authenticated nor @requiresScopes and is not in public-fields.json`]
    })
}

function* ruleFaults({ types, rules }: AccessSchema, scopes: readonly string[]) {
  for (const [coordinate, demand] of rules) {
    const [type = '', field] = coordinate.split('.')
    if (types.get(type)?.kind === 'interface')
      yield `${coordinate}: a rule on an interface${field === undefined ? '' : '’s field'} guards no implementation: put it there`
    if (demand === null) continue
    if (demand.length === 0 || demand.some((set) => set.length === 0))
      yield `${coordinate}: @requiresScopes without a scope lets nobody or everybody in: name one`
    for (const scope of new Set(demand.flat().filter((scope) => !scopes.includes(scope))))
      yield `${coordinate}: there is no scope "${scope}"`
  }
}

const hasField = ({ types }: AccessSchema, coordinate: string) => {
  const [type = '', field = ''] = coordinate.split('.')
  return types.get(type)?.fields.has(field) === true
}

/** Rules that a subgraph states and the supergraph, which the gateway enforces, does not. */
function lostRules(parts: AccessSchema[], whole: AccessSchema): string[] {
  const same = (one: Demand, other: Demand | undefined) => JSON.stringify(one) === JSON.stringify(other)
  return parts.flatMap(({ rules }) =>
    [...rules]
      .filter(([coordinate, demand]) => !same(demand, whole.rules.get(coordinate)))
      .map(([coordinate]) => `the supergraph does not have the rule of ${coordinate} as its subgraph states it`),
  )
}

function scopeFaults({ rules }: AccessSchema, scopes: readonly string[], reserved: Record<string, string>): string[] {
  const used = new Set([...rules.values()].flatMap((demand) => demand?.flat() ?? []))
  return [
    ...scopes.filter((scope) => !used.has(scope) && !(scope in reserved)).map((scope) => `the scope ${scope} guards nothing`),
    ...Object.keys(reserved)
      .filter((scope) => used.has(scope))
      .map((scope) => `the scope ${scope} guards something: take it out of RESERVED_SCOPES in access-exceptions.ts`),
  ]
}

import { describe, expect, it } from '@jest/globals'
import { buildSchema, Kind, parse } from 'graphql'
import { accountMutationsOf, rootFieldsOf } from './account-mutations.ts'
import { ASSUMED, costOf } from './cost.ts'

const schema = buildSchema(`
  type Query { run: Run runs(first: Int, last: Int): Runs! all: [Run!]! pages(first: Int = 7): [Run!]! }
  type Runs { nodes: [Run!]! edges: [Edge!]! totalCount: Int! }
  type Edge { node: Run! }
  type Run { id: ID! steps: [Step!]! runs(first: Int): Runs! }
  type Step { name: String! run: Run }
`)

function read(text: string) {
  const { definitions } = parse(text)
  const operation = definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)!
  const fragments = definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
  return { operation, fragments: new Map(fragments.map((node) => [node.name.value, node])) }
}

function cost(text: string, variables: Record<string, unknown> = {}) {
  const { operation, fragments } = read(text)
  return costOf(schema, operation, fragments, variables)
}

describe('the cost of an operation', () => {
  it.each([
    ['an object', '{ run { id } }', 1],
    ['a page and its items', '{ runs(first: 10) { nodes { id } totalCount } }', 1 + 10],
    ['the larger of first and last', '{ runs(first: 3, last: 8) { nodes { id } } }', 1 + 8],
    ['edges and their nodes', '{ runs(first: 10) { edges { node { id } } } }', 1 + 10 * 2],
    ['a page that nobody sized', '{ runs { nodes { id } } }', 1 + ASSUMED.page],
    ['an empty page', '{ runs(first: 0) { nodes { steps { name } } totalCount } }', 1],
    ['a list that nobody sized', '{ all { id } }', ASSUMED.list],
    ['a list with a size of its own', '{ pages { id } }', 7],
    ['lists in lists', '{ runs(first: 10) { nodes { steps { name } } } }', 1 + 10 * (1 + ASSUMED.list)],
    ['pages in pages', '{ runs(first: 100) { nodes { runs(first: 100) { nodes { id } } } } }', 1 + 100 * (1 + 1 + 100)],
    ['a fragment in a page', '{ runs(first: 10) { ...P } } fragment P on Runs { nodes { ... on Run { id } } }', 1 + 10],
    ['introspection', '{ __schema { types { name } } }', 0],
  ])('counts %s', (_what, text, expected) => {
    expect(cost(text).cost).toBe(expected)
  })

  it('takes sizes from variables and their defaults', () => {
    const text = 'query ($n: Int = 5) { runs(first: $n) { nodes { id } } }'
    expect(cost(text)).toEqual({ cost: 6, largestPage: 5 })
    expect(cost(text, { n: 400 })).toEqual({ cost: 401, largestPage: 400 })
    expect(cost(text, { n: -1 }).cost).toBe(1 + ASSUMED.page)
  })

  it('measures fragments that double one another in no time', () => {
    const doubling = Array.from({ length: 60 }, (_, n) => `fragment F${n} on Run { ...F${n + 1} ... on Run { ...F${n + 1} } }`)
    expect(cost(`{ run { ...F0 } } ${doubling.join(' ')} fragment F60 on Run { steps { name } }`).cost).toBeGreaterThan(1e17)
  })

  it('ends at a fragment within itself', () => {
    expect(cost('{ run { ...A } } fragment A on Run { steps { run { ...A } } }').cost).toBe(1 + ASSUMED.list * 2)
  })
})

describe('mutations of accounts', () => {
  const sdl = (fields: string, types = '@join__type(graph: AUTH) @join__type(graph: WORK)') => `
    enum join__Graph { AUTH @join__graph(name: "auth", url: "") WORK @join__graph(name: "workflow", url: "") }
    type Mutation ${types} { ${fields} }`

  it('are those that the identity subgraph answers', () => {
    const names = accountMutationsOf(
      sdl('verifyOtp: Int @join__field(graph: AUTH) startRun: Int @join__field(graph: WORK) both: Int'),
    )
    expect([...names]).toEqual(['verifyOtp', 'both'])
    expect([...accountMutationsOf(sdl('startRun: Int', '@join__type(graph: WORK)'))]).toEqual([])
    expect([...accountMutationsOf('type Mutation { a: Int }')]).toEqual([])
  })

  it('are counted through aliases and fragments, each time that they stand there', () => {
    const { operation, fragments } = read(
      'mutation { a: verifyOtp ...F ... { verifyOtp } ...F } fragment F on Mutation { b: verifyOtp other }',
    )
    expect(rootFieldsOf(operation, fragments)).toEqual(['verifyOtp', 'verifyOtp', 'other', 'verifyOtp', 'verifyOtp', 'other'])
  })
})

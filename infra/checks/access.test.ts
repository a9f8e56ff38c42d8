import { describe, expect, it } from '@jest/globals'
import { composeServices } from '@apollo/composition'
import { parse } from 'graphql'
import { accessFaults } from './access-faults.ts'
import { accessTable } from './access-table.ts'

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated", "@requiresScopes"])'

/** A small graph: its rules hold, whatever is added to it may not. */
const base = `${LINK}
type Query {
  me: String
  ship(id: ID!): Ship @requiresScopes(scopes: [["ship:read"]])
  harbour: Harbour @authenticated
}
type Mutation { sink(id: ID!): Ship @requiresScopes(scopes: [["ship:sink"], ["ship:read", "harbour:own"]]) }
type Harbour { id: ID! name: String! }
type Ship @key(fields: "id") { id: ID! cargo: String harbour: Harbour }
`
const scopes = ['ship:read', 'ship:sink', 'harbour:own']

function inputOf(sdl: string, more: Partial<Parameters<typeof accessFaults>[0]> = {}) {
  const { supergraphSdl, errors } = composeServices([{ name: 'port', url: 'http://port', typeDefs: parse(sdl) }])
  if (supergraphSdl === undefined) throw new Error(String(errors))
  return { subgraphs: { port: sdl }, supergraph: supergraphSdl, publicFields: ['Query.me'], scopes, ...more }
}
const faultsOf = (sdl: string, more = {}) =>
  accessFaults(inputOf(sdl, more)).filter((fault) => !fault.includes('Ship is guarded'))

describe('the rules of the graph', () => {
  it('hold where every root field has a rule or is public', () => {
    expect(faultsOf(base)).toEqual([])
  })

  it.each([
    [
      'a root field with neither directive',
      'extend type Query { all: [Harbour] }',
      'Query.all has neither @authenticated nor @requiresScopes',
    ],
    ['a subscription with neither', 'type Subscription { news: String }', 'Subscription.news has neither'],
    [
      'an unknown scope',
      'extend type Harbour { debts: Int @requiresScopes(scopes: [["harbour:debt"]]) }',
      'Harbour.debts: there is no scope "harbour:debt"',
    ],
    [
      'no scope at all',
      'extend type Harbour { debts: Int @requiresScopes(scopes: []) }',
      'Harbour.debts: @requiresScopes without a scope',
    ],
    [
      'an empty set of scopes',
      'extend type Harbour { debts: Int @requiresScopes(scopes: [["ship:read"], []]) }',
      'Harbour.debts: @requiresScopes without a scope',
    ],
  ])('are broken by %s', (_what, more, fault) => {
    expect(faultsOf(`${base}${more}`)).toContainEqual(expect.stringContaining(fault))
  })

  it('are broken by a rule on an interface, which composition may let through', () => {
    const sdl = `${base} interface Vessel { name: String @authenticated } type Boat implements Vessel { name: String }`
    expect(accessFaults({ ...inputOf(base), subgraphs: { port: sdl } })).toContain(
      'port: Vessel.name: a rule on an interface’s field guards no implementation: put it there',
    )
  })

  it('are broken by a rule that the supergraph does not have', () => {
    const { supergraph, ...input } = inputOf(base)
    const without = supergraph.replace('harbour: Harbour @authenticated', 'harbour: Harbour')
    expect(without).not.toBe(supergraph)
    expect(accessFaults({ ...input, supergraph: without })).toContain(
      'the supergraph does not have the rule of Query.harbour as its subgraph states it',
    )
  })

  it('are broken by a public list that names what is not there, or what has a rule', () => {
    expect(faultsOf(base, { publicFields: ['Query.me', 'Query.nothing', 'Query.harbour'] })).toEqual([
      'port: Query.harbour is in public-fields.json and demands something all the same',
      'supergraph: Query.harbour is in public-fields.json and demands something all the same',
      'public-fields.json names Query.nothing, which does not exist',
    ])
  })

  it('are broken by a scope that guards nothing, and by one that is reserved although it guards', () => {
    expect(faultsOf(base, { scopes: [...scopes, 'mast:climb'] })).toEqual(['the scope mast:climb guards nothing'])
    expect(faultsOf(base, { reserved: { 'ship:sink': 'later' } })).toEqual([
      'the scope ship:sink guards something: take it out of RESERVED_SCOPES in access-exceptions.ts',
    ])
  })

  it('are broken by a neighbour that shows what a root field guards', () => {
    const leak = 'extend type Harbour { moored: [Ship!]! }'
    expect(accessFaults(inputOf(`${base}${leak}`))).toContainEqual(
      expect.stringContaining(
        'Ship is guarded by ship:read elsewhere, but Query.harbour → Harbour.moored shows id, cargo, harbour for a token',
      ),
    )
    const union = 'union Moored = Ship extend type Harbour { moored: [Moored!]! }'
    expect(accessFaults(inputOf(`${base}${union}`))).toContainEqual(
      expect.stringContaining('Harbour.moored shows id, cargo, harbour'),
    )
    const guarded = 'extend type Harbour { moored: [Ship!]! @requiresScopes(scopes: [["ship:read"]]) }'
    expect(accessFaults(inputOf(`${base}${guarded}`)).filter((fault) => fault.includes('moored'))).toEqual([])
  })
})

it('the table says of each field and role whether it may', () => {
  const table = accessTable({
    ...inputOf(`${base} extend type Harbour { debts: Int @requiresScopes(scopes: [["harbour:own"]]) }`),
    roles: { CAPTAIN: ['ship:read', 'ship:sink'], OWNER: ['ship:read', 'harbour:own'], GUEST: [] },
    reserved: { 'mast:climb': 'there is no mast' },
  })
  const row = (field: string) =>
    table
      .split('\n')
      .find((line) => line.includes(`\`${field}\``))
      ?.split('|')
      .slice(2, -1)
      .map((cell) => cell.trim())
  expect(row('Query.me')).toEqual(['nothing', 'yes', 'yes', 'yes', 'yes'])
  expect(row('Query.harbour')).toEqual(['a token', 'no', 'yes', 'yes', 'yes'])
  expect(row('Mutation.sink')).toEqual(['ship:sink, or ship:read and harbour:own', 'no', 'yes', 'yes', 'no'])
  expect(row('Harbour.debts')).toEqual(['harbour:own', 'no', 'no', 'yes', 'no'])
  expect(table).toContain('`mast:climb` guards nothing: there is no mast.')
})

import 'reflect-metadata'
import { describe, expect, it } from '@jest/globals'
import { graphql } from 'graphql'
import { Arg, Directive, Field, ID, ObjectType, Query, Resolver } from 'type-graphql'
import { connectionType, toConnection } from './connection.ts'
import { buildSubgraph } from './federation.ts'
import { RequiresScopes, type ViewerContext } from './scopes.ts'

@ObjectType()
@Directive('@key(fields: "id")')
class Train {
  @Field(() => ID) id!: string
}
const TrainConnection = connectionType('Train', () => Train)

@Resolver(() => Train)
class TrainResolver {
  @Query(() => TrainConnection)
  @RequiresScopes('wrm:read', 'kpi:read')
  trains(@Arg('first', () => String, { nullable: true }) _first?: string) {
    return toConnection([{ id: '1' }, { id: '2' }], 1, (train) => train.id, 2)
  }
}

const viewer = (...scopes: string[]) => ({ viewer: { scopes: new Set(scopes) } }) as unknown as ViewerContext

describe('a subgraph', () => {
  it('keeps keys and scopes in its SDL', async () => {
    const { sdl } = await buildSubgraph({ resolvers: [TrainResolver] })
    expect(sdl).toContain('type Train @key(fields: "id")')
    expect(sdl).toMatch(/trains\(first: String\): TrainConnection! @requiresScopes\(scopes: \[\["wrm:read", "kpi:read"\]\]\)/)
  })

  it('checks the scopes again before it resolves', async () => {
    const { schema } = await buildSubgraph({ resolvers: [TrainResolver] })
    const source = '{ trains { nodes { id } totalCount pageInfo { hasNextPage } } }'
    const ask = (contextValue: ViewerContext) => graphql({ schema, source, contextValue })
    expect((await ask({ viewer: null })).errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED')
    expect((await ask(viewer('wrm:read'))).errors?.[0]?.extensions['code']).toBe('FORBIDDEN')
    expect((await ask(viewer('wrm:read', 'kpi:read'))).data).toEqual({
      trains: { nodes: [{ id: '1' }], totalCount: 2, pageInfo: { hasNextPage: true } },
    })
  })

  it('resolves a reference through the function given', async () => {
    const { schema } = await buildSubgraph({
      resolvers: [TrainResolver],
      references: { Train: ({ id }) => ({ id: `found ${id}` }) },
    })
    const source = '{ _entities(representations: [{ __typename: "Train", id: "7" }]) { ... on Train { id } } }'
    expect((await graphql({ schema, source })).data).toEqual({ _entities: [{ id: 'found 7' }] })
  })
})

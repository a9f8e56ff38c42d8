import { ArgsType, Field, Int, ObjectType, type ClassType } from 'type-graphql'
import { Directive } from 'type-graphql'
import { BadUserInputError } from './errors.ts'

@ObjectType()
@Directive('@shareable')
export class PageInfo {
  @Field(() => Boolean) hasNextPage!: boolean
  @Field(() => Boolean) hasPreviousPage!: boolean
  @Field(() => String, { nullable: true }) startCursor!: string | null
  @Field(() => String, { nullable: true }) endCursor!: string | null
}

/** Forward paging of a Relay connection; `first` is 25 unless given, 200 at most. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true }) first?: number | null
  @Field(() => String, { nullable: true }) after?: string | null
}

export const MAX_PAGE = 200

/** @throws {BadUserInputError} when the size of a page is not between 0 and 200 */
export function pageSize(first: number | null | undefined, path = 'first'): number {
  const size = first ?? 25
  if (size < 0 || size > MAX_PAGE) {
    throw new BadUserInputError(`${path} must be between 0 and ${MAX_PAGE}.`, [{ path, message: `between 0 and ${MAX_PAGE}` }])
  }
  return size
}

/** A cursor is opaque to clients: base64url of the JSON of the sort key. */
export const encodeCursor = (key: unknown): string => Buffer.from(JSON.stringify(key)).toString('base64url')

/** @throws {BadUserInputError} when the text is not a cursor of ours */
export function decodeCursor<K>(cursor: string, path = 'after'): K {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as K
  } catch {
    throw new BadUserInputError('The cursor is not one that this list gave.', [{ path, message: 'not a cursor of this list' }])
  }
}

export interface Connection<T> {
  edges: { cursor: string; node: T }[]
  nodes: T[]
  pageInfo: PageInfo
  totalCount: number | Promise<number>
}

/**
 * Makes a page of rows a connection. Ask the database for one row more than the page and hand all of them over.
 * @param rows the page and, if there is one, the row after it
 * @param totalCount a number, or a function that counts only when a client asks for it
 */
export function toConnection<T>(
  rows: T[],
  size: number,
  keyOf: (row: T) => unknown,
  totalCount: number | (() => Promise<number>),
  hasPreviousPage = false,
): Connection<T> {
  const edges = rows.slice(0, size).map((node) => ({ cursor: encodeCursor(keyOf(node)), node }))
  const pageInfo = Object.assign(new PageInfo(), {
    hasNextPage: rows.length > size,
    hasPreviousPage,
    startCursor: edges[0]?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
  })
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo,
    get totalCount() {
      return typeof totalCount === 'function' ? totalCount() : totalCount
    },
  }
}

/** The GraphQL types `<Name>Connection` and `<Name>Edge` of a node type. Call it once a node type and export the result. */
export function connectionType<T extends object>(name: string, node: () => ClassType<T>): ClassType<Connection<T>> {
  @ObjectType(`${name}Edge`)
  class Edge {
    @Field(() => String) cursor!: string
    @Field(node) node!: T
  }

  @ObjectType(`${name}Connection`)
  class ConnectionOf {
    @Field(() => [Edge]) edges!: Edge[]
    @Field(() => [node()]) nodes!: T[]
    @Field(() => PageInfo) pageInfo!: PageInfo
    @Field(() => Int) totalCount!: number
  }
  return ConnectionOf
}

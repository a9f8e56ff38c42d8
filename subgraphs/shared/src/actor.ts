import { createUnionType, Directive, Field, ID, ObjectType } from 'type-graphql'
import type { Viewer } from './viewer.ts'

/** Auth owns these; other subgraphs keep ids only. */
@ObjectType()
@Directive('@key(fields: "id", resolvable: false)')
export class User {
  @Field(() => ID) id!: string
}

@ObjectType()
@Directive('@key(fields: "id", resolvable: false)')
export class ServiceClient {
  @Field(() => ID) id!: string
}

@ObjectType()
@Directive('@key(fields: "id", resolvable: false)')
export class SystemActor {
  @Field(() => ID) id!: string
}

export type ActorKind = 'USER' | 'SERVICE_CLIENT' | 'SYSTEM'

const CLASSES = { USER: User, SERVICE_CLIENT: ServiceClient, SYSTEM: SystemActor }

export const Actor = createUnionType({
  name: 'Actor',
  types: () => [User, ServiceClient, SystemActor] as const,
  resolveType: (value) => (value as { __typename?: string }).__typename ?? value.constructor.name,
})

/** The reference to an actor that a row names, or null when it names none. */
export function actorOf(kind: string | null, id: string | null) {
  if (kind === null || id === null) return null
  const type = CLASSES[kind as ActorKind] ?? SystemActor
  return Object.assign(new type(), { __typename: type.name, id })
}

/** How a row names the caller. */
export const actorRef = (viewer: Viewer): { kind: ActorKind; id: string } => ({ kind: viewer.actorKind, id: viewer.actorId })

import { createUnionType } from 'type-graphql'
import { ServiceClient } from '../service-clients/service-client.entity.ts'
import { SystemActor } from './system-actor.ts'
import { User } from './user.entity.ts'

export const Actor = createUnionType({
  name: 'Actor',
  description: 'Who did something: a person, a service client or Signalbox itself.',
  types: () => [User, ServiceClient, SystemActor] as const,
})
export type Actor = User | ServiceClient | SystemActor

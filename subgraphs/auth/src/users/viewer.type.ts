import type { Viewer } from '@signalbox/shared/viewer'
import { Field, ObjectType } from 'type-graphql'
import { Role } from '../organizations/roles.ts'

/** What the API shows of the caller; the rest of its fields are resolved in `viewer.resolver.ts`. */
@ObjectType('Viewer', { description: 'The caller: who it is, where it acts and what it may do.' })
export class ViewerType {
  @Field(() => Role, { nullable: true, description: 'The role in the active organisation; null for a service client.' })
  role!: Role | null

  @Field(() => [String])
  scopes!: string[]

  static of(viewer: Viewer): ViewerType {
    return Object.assign(new ViewerType(), { role: viewer.role, scopes: [...viewer.scopes].sort() })
  }
}

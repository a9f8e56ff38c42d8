import { Directive, Field, ID, ObjectType } from 'type-graphql'

/** Auth owns it; this subgraph keeps its id only. */
@ObjectType()
@Directive('@key(fields: "id", resolvable: false)')
export class Organization {
  @Field(() => ID) id!: string
}

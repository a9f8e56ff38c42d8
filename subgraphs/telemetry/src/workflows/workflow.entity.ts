import { Directive, Field, ID, ObjectType } from 'type-graphql'

/** A workflow as the workflow subgraph knows it; telemetry adds its figures. */
@ObjectType()
@Directive('@key(fields: "id")')
export class Workflow {
  @Field(() => ID) id!: string
}

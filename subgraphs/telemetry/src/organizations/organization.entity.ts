import { Directive, Field, ID, ObjectType } from 'type-graphql'

/** An organisation as auth knows it; telemetry adds its figures. */
@ObjectType()
@Directive('@key(fields: "id")')
export class Organization {
  @Field(() => ID) id!: string
}

import { JSONValue } from '@signalbox/shared/federation'
import { Field, InputType, ObjectType } from 'type-graphql'
import { Run } from './run.entity.ts'

@InputType()
export class SignalRunsInput {
  @Field(() => String, { description: 'The event that a step waits for.' }) event!: string
  @Field(() => String, { description: 'Which one: the key that the step gave.' }) key!: string
  @Field(() => JSONValue, { nullable: true, description: 'What the step gets; at most 64 KB.' }) payload?: unknown
}

@ObjectType()
export class SignalRunsPayload {
  @Field(() => [Run], { description: 'Those that waited for it and go on; none is no fault.' }) runs!: Run[]
}

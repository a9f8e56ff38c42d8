import { connectionType } from '@signalbox/shared/connection'
import { DateTime, JSONValue } from '@signalbox/shared/federation'
import { Field, ID, Int, ObjectType } from 'type-graphql'

@ObjectType({ description: 'The state of a run after one step, as it was saved.' })
export class Checkpoint {
  @Field(() => ID) id!: string
  @Field(() => ID, { nullable: true }) parentId!: string | null
  @Field(() => Int, { description: '-1 for the input, then counting.' }) step!: number
  @Field(() => String, { description: 'input, loop, update or fork.' }) source!: string
  @Field(() => JSONValue) state!: unknown
  @Field(() => [String], { description: 'The steps that would run next, `__start__` before the first; none at the end.' })
  next!: string[]
  @Field(() => DateTime) createdAt!: Date
}

export const CheckpointConnection = connectionType('Checkpoint', () => Checkpoint)

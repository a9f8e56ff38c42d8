import { JSONValue } from '@signalbox/shared/federation'
import { Field, InputType, ObjectType } from 'type-graphql'

const INPUT = 'One expression for the whole input, or an object with an expression for each of its fields.'
const KEY = 'What comes again with the same key gives the first run.'

@InputType({ description: 'How a run’s input is made: expressions of the Common Expression Language (cel.dev).' })
export class MappingInput {
  @Field(() => JSONValue, { description: INPUT }) input!: unknown
  @Field(() => String, { nullable: true, description: 'The business case.' }) caseId?: string | null
  @Field(() => String, { nullable: true, description: KEY }) idempotencyKey?: string | null
}

@ObjectType({ description: 'How a run’s input is made: expressions of the Common Expression Language (cel.dev).' })
export class TriggerMapping {
  @Field(() => JSONValue, { description: INPUT }) input!: unknown
  @Field(() => String, { nullable: true }) caseId!: string | null
  @Field(() => String, { nullable: true }) idempotencyKey!: string | null
}

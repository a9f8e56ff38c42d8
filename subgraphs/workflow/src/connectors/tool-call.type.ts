import { connectionType } from '@signalbox/shared/connection'
import { DateTime, JSONValue } from '@signalbox/shared/federation'
import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql'

export enum ToolCallStatus {
  STARTED = 'STARTED',
  SUCCEEDED = 'SUCCEEDED',
  FAILED = 'FAILED',
  UNKNOWN = 'UNKNOWN',
}
registerEnumType(ToolCallStatus, {
  name: 'ToolCallStatus',
  description: 'What came of a call.',
  valuesConfig: { UNKNOWN: { description: 'It was sent, and nobody can say whether it was done.' } },
})

@ObjectType({
  description:
    'A call of a tool, with request and answer as they are kept: masked, cut at 16,000 characters, and without secrets.',
})
export class ToolCall {
  @Field(() => ID) id!: string
  @Field(() => String, { nullable: true }) node!: string | null
  @Field(() => String) tool!: string
  @Field(() => ToolCallStatus) status!: ToolCallStatus
  @Field(() => Int) attempts!: number
  @Field(() => JSONValue) request!: unknown
  @Field(() => JSONValue, { nullable: true }) answer!: unknown
  @Field(() => String, { nullable: true, description: 'A plain sentence.' }) error!: string | null
  @Field(() => Float, { nullable: true }) durationMs!: number | null
  @Field(() => Float, { nullable: true, description: 'Of the answer.' }) bytes!: number | null
  @Field(() => DateTime, { description: 'When it was last made.' }) at!: Date
  @Field(() => DateTime, { nullable: true, description: 'When the later answer came, of a call that waits for one.' })
  answeredAt!: Date | null
}

export const ToolCallConnection = connectionType('ToolCall', () => ToolCall)

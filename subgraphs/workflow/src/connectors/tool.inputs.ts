import { JSONValue } from '@signalbox/shared/federation'
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { Tool, ToolTrial } from './tool.type.ts'

@InputType()
export class SaveToolInput {
  @Field(() => ID, { nullable: true, description: 'Given: that tool is changed.' }) id?: string | null
  @Field(() => String, { description: 'Small letters, digits and _, up to 64; unique.' }) name!: string
  @Field(() => String, { description: '1 to 500 characters.' }) description!: string
  @Field(() => String, { description: 'See `connectors`.' }) kind!: string
  @Field(() => JSONValue, { description: 'By the connector’s schema.' }) settings!: unknown
  @Field(() => ID, { nullable: true }) accountId?: string | null
  @Field(() => Int, { nullable: true, description: '1 to 6,000 calls; the connector’s own unless given.' }) ratePerMinute?:
    number | null
  @Field(() => Boolean, { defaultValue: true }) enabled!: boolean
}

@InputType()
export class DeleteToolInput {
  @Field(() => ID) id!: string
}

@InputType()
export class TryToolInput {
  @Field(() => String, { description: 'Its name.' }) tool!: string
  @Field(() => JSONValue, { description: 'By the tool’s parameters.' }) arguments!: unknown
  @Field(() => Boolean, { defaultValue: true, description: 'False sends it, for real; that needs org:admin.' }) dryRun!: boolean
}

@ObjectType()
export class SaveToolPayload {
  @Field(() => Tool) tool!: Tool
}

@ObjectType()
export class DeleteToolPayload {
  @Field(() => Tool, { description: 'As it was.' }) tool!: Tool
}

@ObjectType()
export class TryToolPayload {
  @Field(() => ToolTrial) trial!: ToolTrial
}

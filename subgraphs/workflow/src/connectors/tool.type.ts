import { DateTime, JSONValue } from '@signalbox/shared/federation'
import { Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { AccountKind } from '../accounts/account.type.ts'

@ObjectType({ description: 'A named way to do something outside that workflows of the organisation may use.' })
export class Tool {
  @Field(() => ID) id!: string
  @Field(() => String, { description: 'As workflows name it: `create_ticket`.' }) name!: string
  @Field(() => String, { description: 'What it does, for people and for models that choose a tool.' }) description!: string
  @Field(() => String, { description: 'A connector’s: `http`.' }) kind!: string
  @Field(() => JSONValue, { description: 'By the connector’s schema.' }) settings!: object
  @Field(() => ID, { nullable: true }) accountId!: string | null
  @Field(() => Int) ratePerMinute!: number
  @Field(() => Boolean) enabled!: boolean
  @Field(() => DateTime) savedAt!: Date

  organizationId!: string
  savedByKind!: string
  savedById!: string
}

@ObjectType({ description: 'A kind of tool.' })
export class ConnectorKind {
  @Field(() => String) kind!: string
  @Field(() => String) title!: string
  @Field(() => String) description!: string
  @Field(() => JSONValue, { description: 'JSON Schema of a tool’s settings.' }) settings!: object
  @Field(() => [AccountKind], { description: 'The kinds of account that it can act for.' }) accounts!: readonly AccountKind[]
  @Field(() => Int, { description: 'Calls a minute unless the tool says otherwise.' }) ratePerMinute!: number
}

@ObjectType({ description: 'What came of trying a tool.' })
export class ToolTrial {
  @Field(() => Boolean) succeeded!: boolean
  @Field(() => String, { description: 'A plain sentence.' }) message!: string
  @Field(() => JSONValue, { nullable: true, description: 'What was or would be sent, without what the account adds.' })
  request!: unknown
  @Field(() => JSONValue, { nullable: true, description: 'What came back, masked; null for a dry run.' }) answer!: unknown
  @Field(() => Float) durationMs!: number
}

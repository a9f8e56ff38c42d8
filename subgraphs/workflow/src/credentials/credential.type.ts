import { DateTime } from '@signalbox/shared/federation'
import { Field, ID, ObjectType } from 'type-graphql'
import { CredentialKind } from './connection.ts'

@ObjectType({ description: 'A connection of the organisation’s own. What is secret of it is never shown again.' })
export class Credential {
  @Field(() => ID, { description: 'Another one each time that the connection is replaced.' }) id!: string
  @Field(() => CredentialKind) kind!: CredentialKind
  @Field(() => String, { description: 'Where it leads: `n8n.example.com`.' }) host!: string
  @Field(() => String, { description: 'Enough to recognise the secret by: `key ending in …k3Fw`.' }) hint!: string
  @Field(() => DateTime) savedAt!: Date
  @Field(() => DateTime, { nullable: true, description: 'To the minute; null when no run has used it.' }) lastUsedAt!: Date | null

  organizationId!: string
  savedByKind!: string
  savedById!: string
}

import { DateTime } from '@signalbox/shared/federation'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'

export enum AccountKind {
  HEADER = 'HEADER',
  OAUTH2 = 'OAUTH2',
}
registerEnumType(AccountKind, {
  name: 'AccountKind',
  description: 'How an account proves itself.',
  valuesConfig: {
    HEADER: { description: 'By a secret header: an API key, a bearer token.' },
    OAUTH2: { description: 'By OAuth 2.0: somebody agrees at the provider, and the access is renewed by itself.' },
  },
})

export enum AccountState {
  NEW = 'NEW',
  CONNECTED = 'CONNECTED',
  ATTENTION = 'ATTENTION',
}
registerEnumType(AccountState, {
  name: 'AccountState',
  description: 'Whether an account can be used.',
  valuesConfig: {
    NEW: { description: 'Nobody has agreed at the provider yet.' },
    ATTENTION: { description: 'The provider no longer renews the access: somebody has to connect it again.' },
  },
})

@ObjectType({ description: 'An account at another service that tools act for. What is secret of it is never shown again.' })
export class Account {
  @Field(() => ID) id!: string
  @Field(() => String) name!: string
  @Field(() => AccountKind) kind!: AccountKind
  @Field(() => String, { description: 'The host that its secret is sent to, its subdomains included; nowhere else.' })
  host!: string
  @Field(() => String, { description: 'Enough to recognise it by: `header X-Api-Key, ending in …k3Fw`.' }) hint!: string
  @Field(() => AccountState) state!: AccountState
  @Field(() => String, { nullable: true, description: 'Why it needs attention: a plain sentence.' }) attention!: string | null
  @Field(() => DateTime, { nullable: true, description: 'When the present access ends; it is renewed before.' })
  tokenExpiresAt!: Date | null
  @Field(() => DateTime) savedAt!: Date
  @Field(() => DateTime, { nullable: true, description: 'To the minute; null when no tool has used it.' })
  lastUsedAt!: Date | null

  organizationId!: string
  savedByKind!: string
  savedById!: string
}

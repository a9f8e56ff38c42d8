import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql'
import { Account, AccountKind } from './account.type.ts'

/** RFC 6749, 2.3.1. */
export enum ClientAuthentication {
  HEADER = 'HEADER',
  BODY = 'BODY',
}
registerEnumType(ClientAuthentication, {
  name: 'ClientAuthentication',
  description: 'How the provider wants client id and secret.',
  valuesConfig: { HEADER: { description: 'As HTTP Basic: usual.' }, BODY: { description: 'Among the form’s fields.' } },
})

@InputType()
export class HeaderAccountInput {
  @Field(() => String, { description: '`Authorization`, `X-Api-Key`.' }) name!: string
  @Field(() => String, { description: 'Up to 4,000 characters: `Bearer …`.' }) value!: string
}

@InputType({
  description: 'What the provider shows where Signalbox is registered with it. Address to return to: see `accountReturnUrl`.',
})
export class OAuthAccountInput {
  @Field(() => String, { description: 'https://…, where people agree.' }) authorizeUrl!: string
  @Field(() => String, { description: 'https://…, where tokens come from.' }) tokenUrl!: string
  @Field(() => String) clientId!: string
  @Field(() => String, { nullable: true, description: 'Null for a client without one.' }) clientSecret?: string | null
  @Field(() => String, { defaultValue: '', description: 'With spaces between.' }) scopes!: string
  @Field(() => ClientAuthentication, { defaultValue: ClientAuthentication.HEADER }) clientAuthentication!: ClientAuthentication
}

@InputType({ description: 'With the part that belongs to the kind, and only that.' })
export class SaveAccountInput {
  @Field(() => ID, { nullable: true, description: 'Given: that account is replaced as a whole.' }) id?: string | null
  @Field(() => String, { description: '1 to 80 characters, unique.' }) name!: string
  @Field(() => AccountKind) kind!: AccountKind
  @Field(() => String, { description: 'Where the secret may be sent: `api.example.com`.' }) host!: string
  @Field(() => HeaderAccountInput, { nullable: true }) header?: HeaderAccountInput | null
  @Field(() => OAuthAccountInput, { nullable: true }) oauth?: OAuthAccountInput | null
}

@InputType()
export class DeleteAccountInput {
  @Field(() => ID) id!: string
}

@InputType()
export class ConnectAccountInput {
  @Field(() => ID) id!: string
}

@InputType({ description: 'As the provider put them into the address that it returned to.' })
export class CompleteAccountInput {
  @Field(() => String) state!: string
  @Field(() => String) code!: string
}

@ObjectType()
export class SaveAccountPayload {
  @Field(() => Account) account!: Account
}

@ObjectType()
export class DeleteAccountPayload {
  @Field(() => Account, { description: 'As it was.' }) account!: Account
}

@ObjectType()
export class ConnectAccountPayload {
  @Field(() => Account) account!: Account
  @Field(() => String, { description: 'Where to send the browser, within ten minutes.' }) url!: string
}

@ObjectType()
export class CompleteAccountPayload {
  @Field(() => Account) account!: Account
}

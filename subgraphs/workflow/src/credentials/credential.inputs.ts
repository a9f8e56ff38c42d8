import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { CredentialKind } from './connection.ts'
import { Credential } from './credential.type.ts'

@InputType({ description: 'An n8n webhook (node "Webhook", method POST).' })
export class N8nWebhookInput {
  @Field(() => String, { description: 'https://…, the production address that n8n shows.' }) url!: string
  @Field(() => String, { nullable: true, description: 'For n8n’s header authentication: `X-Signalbox-Key`.' }) headerName?:
    string | null
  @Field(() => String, { nullable: true, description: 'Up to 4,000 characters.' }) headerValue?: string | null
}

@InputType({ description: 'A server that speaks the OpenAI protocol.' })
export class OpenAiInput {
  @Field(() => String, { defaultValue: 'https://api.openai.com/v1', description: 'With the version.' }) baseUrl!: string
  @Field(() => String, { description: 'Up to 4,000 characters.' }) apiKey!: string
  @Field(() => String, { description: 'As the server names it: `gpt-4.1-mini`.' }) model!: string
}

@InputType({ description: 'Anthropic, or a server that speaks its protocol.' })
export class AnthropicInput {
  @Field(() => String, { defaultValue: 'https://api.anthropic.com/v1', description: 'With the version.' }) baseUrl!: string
  @Field(() => String, { description: 'Up to 4,000 characters.' }) apiKey!: string
  @Field(() => String, { description: 'As Anthropic names it: `claude-haiku-4-5`.' }) model!: string
}

@InputType({ description: 'The part that belongs to the kind, and only that.' })
export class SaveCredentialInput {
  @Field(() => CredentialKind) kind!: CredentialKind
  @Field(() => N8nWebhookInput, { nullable: true }) n8nWebhook?: N8nWebhookInput | null
  @Field(() => OpenAiInput, { nullable: true }) openAi?: OpenAiInput | null
  @Field(() => AnthropicInput, { nullable: true }) anthropic?: AnthropicInput | null
}

@InputType()
export class DeleteCredentialInput {
  @Field(() => ID) id!: string
}

@InputType()
export class TestCredentialInput {
  @Field(() => ID) id!: string
}

@ObjectType()
export class SaveCredentialPayload {
  @Field(() => Credential) credential!: Credential
}

@ObjectType()
export class DeleteCredentialPayload {
  @Field(() => Credential, { description: 'As it was.' }) credential!: Credential
}

@ObjectType({ description: 'What happened when the connection was tried, just now and for real.' })
export class TestCredentialPayload {
  @Field(() => Credential) credential!: Credential
  @Field(() => Boolean) succeeded!: boolean
  @Field(() => String, { description: 'A plain sentence.' }) message!: string
}

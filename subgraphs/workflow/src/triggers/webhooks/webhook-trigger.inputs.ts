import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { MappingInput } from '../mapping.types.ts'
import { WebhookDelivery } from './webhook-delivery.entity.ts'
import { SignatureForm, WebhookTrigger } from './webhook-trigger.entity.ts'

const MAPPING = 'Expressions over `body`, `headers` (lower-case names, without what is secret of them) and `query`.'
const HEADER = 'For the forms HEX and TIMESTAMPED_HEX; `x-hub-signature-256` and `stripe-signature` unless given.'
const SECRET = 'One that the sender made, 16 to 200 characters; made here unless given. For STANDARD it is `whsec_` and base64.'

@InputType()
export class CreateWebhookTriggerInput {
  @Field(() => String, { description: 'The id or slug of a workflow of the active organisation.' }) workflow!: string
  @Field(() => String, { description: '1 to 100 characters.' }) name!: string
  @Field(() => MappingInput, { description: MAPPING }) mapping!: MappingInput
  @Field(() => Boolean, { defaultValue: true }) enabled!: boolean
  @Field(() => Boolean, { defaultValue: true, description: 'Without it, whoever knows the address is believed.' })
  requireSignature!: boolean
  @Field(() => SignatureForm, { defaultValue: SignatureForm.STANDARD }) signatureForm!: SignatureForm
  @Field(() => String, { nullable: true, description: HEADER }) signatureHeader?: string | null
  @Field(() => String, { nullable: true, description: SECRET }) secret?: string | null
}

@InputType({ description: 'What is not given stays.' })
export class UpdateWebhookTriggerInput {
  @Field(() => ID) id!: string
  @Field(() => String, { nullable: true }) name?: string | null
  @Field(() => MappingInput, { nullable: true, description: MAPPING }) mapping?: MappingInput | null
  @Field(() => Boolean, { nullable: true }) enabled?: boolean | null
  @Field(() => Boolean, { nullable: true }) requireSignature?: boolean | null
  @Field(() => SignatureForm, { nullable: true }) signatureForm?: SignatureForm | null
  @Field(() => String, { nullable: true, description: HEADER }) signatureHeader?: string | null
}

@InputType()
export class DeleteWebhookTriggerInput {
  @Field(() => ID) id!: string
}

@InputType()
export class RotateWebhookSecretInput {
  @Field(() => ID) id!: string
  @Field(() => String, { nullable: true, description: SECRET }) secret?: string | null
  @Field(() => Int, { defaultValue: 24, description: 'For how long the former one holds as well: 0 to 168.' })
  overlapHours!: number
  @Field(() => Boolean, { defaultValue: false, description: 'Gives it another address as well, at once.' }) newAddress!: boolean
}

@InputType()
export class RedeliverWebhookInput {
  @Field(() => ID, { description: 'A delivery that was believed.' }) deliveryId!: string
}

const ADDRESS = 'Shown this once: where to send to.'
const SHOWN_SECRET = 'Shown this once: what to sign with.'

@ObjectType()
export class CreateWebhookTriggerPayload {
  @Field(() => WebhookTrigger) trigger!: WebhookTrigger
  @Field(() => String, { description: ADDRESS }) address!: string
  @Field(() => String, { description: SHOWN_SECRET }) secret!: string
}

@ObjectType()
export class UpdateWebhookTriggerPayload {
  @Field(() => WebhookTrigger) trigger!: WebhookTrigger
}

@ObjectType()
export class DeleteWebhookTriggerPayload {
  @Field(() => WebhookTrigger, { description: 'As it was.' }) trigger!: WebhookTrigger
}

@ObjectType()
export class RotateWebhookSecretPayload {
  @Field(() => WebhookTrigger) trigger!: WebhookTrigger
  @Field(() => String, { nullable: true, description: `${ADDRESS} Null where it stays.` }) address!: string | null
  @Field(() => String, { description: SHOWN_SECRET }) secret!: string
}

@ObjectType()
export class RedeliverWebhookPayload {
  @Field(() => WebhookDelivery, { description: 'The new one, with what became of it.' }) delivery!: WebhookDelivery
}

import { PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { DateTime } from '@signalbox/shared/federation'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import type { Mapping } from '../mapping.ts'
import { TriggerMapping } from '../mapping.types.ts'

export enum SignatureForm {
  STANDARD = 'STANDARD',
  HEX = 'HEX',
  TIMESTAMPED_HEX = 'TIMESTAMPED_HEX',
}
registerEnumType(SignatureForm, {
  name: 'WebhookSignatureForm',
  description: 'How the sender signs: always HMAC with SHA-256.',
  valuesConfig: {
    STANDARD: { description: 'Standard Webhooks: `webhook-id`, `webhook-timestamp` and `webhook-signature`.' },
    HEX: { description: 'Over the body, in one header, as GitHub does it: `sha256=` and hex digits.' },
    TIMESTAMPED_HEX: { description: 'Over time and body, in one header, as Stripe does it: `t=…,v1=…`.' },
  },
})

@Entity({ schema: 'workflow', tableName: 'webhooks' })
@ObjectType({ description: 'Starts a run of a workflow when something is sent to its address.' })
export class WebhookTrigger {
  [PrimaryKeyProp]?: ['organizationId', 'id']

  @PrimaryKey({ type: 'uuid' })
  organizationId!: string

  @PrimaryKey({ type: 'uuid' })
  @Field(() => ID)
  id!: string

  @Property({ type: 'uuid' })
  workflowId!: string

  @Property({ type: 'text' })
  @Field(() => String)
  name!: string

  @Property({ type: 'boolean' })
  @Field(() => Boolean)
  enabled!: boolean

  @Property({ type: 'text' })
  @Field(() => String, { description: 'The last characters of its address, which is shown once.' })
  pathHint!: string

  @Property({ type: 'boolean' })
  @Field(() => Boolean)
  requireSignature!: boolean

  @Property({ type: 'text' })
  @Field(() => SignatureForm)
  signatureForm!: SignatureForm

  @Property({ type: 'text' })
  @Field(() => String, { description: 'Where the signature stands: `x-hub-signature-256`.' })
  signatureHeader!: string

  @Property({ type: 'json' })
  @Field(() => TriggerMapping, { description: 'Expressions over `body`, `headers` and `query`.' })
  mapping!: Mapping

  @Property({ type: 'text' })
  createdByKind!: string

  @Property({ type: 'text' })
  createdById!: string

  @Property({ type: 'timestamptz' })
  @Field(() => DateTime)
  createdAt!: Date
}

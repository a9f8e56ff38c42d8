import { PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { connectionType } from '@signalbox/shared/connection'
import { DateTime, JSONValue } from '@signalbox/shared/federation'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { TriggerFault } from '../trigger-fault.ts'

export enum DeliveryStatus {
  ACCEPTED = 'ACCEPTED',
  FAILED = 'FAILED',
  REFUSED = 'REFUSED',
}
registerEnumType(DeliveryStatus, {
  name: 'WebhookDeliveryStatus',
  description: 'What became of a delivery.',
  valuesConfig: {
    ACCEPTED: { description: 'It started a run, or repeated one that had.' },
    FAILED: { description: 'It was believed, but started nothing; it can be tried again.' },
    REFUSED: { description: 'The sender was not believed, or it could not be read.' },
  },
})

/** What a delivery said, enough to deal with it again. */
export interface DeliveredRequest {
  body: unknown
  query: Record<string, string>
}

@Entity({ schema: 'workflow', tableName: 'webhook_deliveries' })
@ObjectType({ description: 'One request to a webhook.' })
export class WebhookDelivery {
  [PrimaryKeyProp]?: ['organizationId', 'id']

  @PrimaryKey({ type: 'uuid' })
  organizationId!: string

  @PrimaryKey({ type: 'uuid' })
  @Field(() => ID)
  id!: string

  @Property({ type: 'uuid' })
  webhookId!: string

  @Property({ type: 'timestamptz' })
  @Field(() => DateTime)
  receivedAt!: Date

  @Property({ type: 'text' })
  @Field(() => DeliveryStatus)
  status!: DeliveryStatus

  @Property({ type: 'integer' })
  @Field(() => Int, { description: 'What the sender was answered.' })
  httpStatus!: number

  @Property({ type: 'uuid', nullable: true })
  runId!: string | null

  @Property({ type: 'boolean' })
  @Field(() => Boolean, { description: 'False where it repeated an earlier one, whose run it gave.' })
  createdRun!: boolean

  @Property({ type: 'json', nullable: true })
  @Field(() => TriggerFault, { nullable: true })
  fault!: TriggerFault | null

  @Property({ type: 'json' })
  @Field(() => JSONValue, { description: 'Without what is secret of them.' })
  headers!: Record<string, string>

  @Property({ type: 'json', nullable: true })
  request!: DeliveredRequest | null

  @Property({ type: 'text', nullable: true })
  idempotencyKey!: string | null

  @Property({ type: 'integer' })
  @Field(() => Int, { description: 'Of its body.' })
  bytes!: number

  @Property({ type: 'timestamptz', nullable: true })
  @Field(() => DateTime, { nullable: true, description: 'When somebody had it tried again.' })
  redeliveredAt!: Date | null
}

export const WebhookDeliveryConnection = connectionType('WebhookDelivery', () => WebhookDelivery)

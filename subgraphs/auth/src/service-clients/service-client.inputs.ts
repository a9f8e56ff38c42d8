import { DateTime } from '@signalbox/shared/federation'
import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { ServiceClient } from './service-client.entity.ts'

@InputType()
export class CreateServiceClientInput {
  @Field(() => String)
  name!: string

  @Field(() => [String], { description: 'At most the caller’s own.' })
  scopes!: string[]

  @Field(() => DateTime, { nullable: true })
  expiresAt?: Date | null
}

@ObjectType()
export class CreateServiceClientPayload {
  @Field(() => ServiceClient)
  serviceClient!: ServiceClient

  @Field(() => String, { description: 'Shown here and never again.' })
  secret!: string
}

@InputType()
export class RotateServiceClientSecretInput {
  @Field(() => ID)
  id!: string
}

@ObjectType()
export class RotateServiceClientSecretPayload {
  @Field(() => ServiceClient)
  serviceClient!: ServiceClient

  @Field(() => String, { description: 'Shown here and never again; the former one works no more.' })
  secret!: string
}

@InputType()
export class RevokeServiceClientInput {
  @Field(() => ID)
  id!: string
}

@ObjectType()
export class RevokeServiceClientPayload {
  @Field(() => ServiceClient)
  serviceClient!: ServiceClient
}

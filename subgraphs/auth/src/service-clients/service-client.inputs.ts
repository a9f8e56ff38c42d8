import { DateTime } from '@signalbox/shared/federation'
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { ServiceClient, ServiceClientKind } from './service-client.entity.ts'

@InputType()
export class CreateServiceClientInput {
  @Field(() => String)
  name!: string

  @Field(() => [String], { description: 'At most the caller’s own.' })
  scopes!: string[]

  @Field(() => DateTime, { nullable: true })
  expiresAt?: Date | null

  @Field(() => ServiceClientKind, { defaultValue: ServiceClientKind.CONFIDENTIAL })
  kind!: ServiceClientKind

  @Field(() => [String], {
    defaultValue: [],
    description:
      'PUBLIC only: https, http on 127.0.0.1 or [::1] (any port), or a scheme of one’s own; compared character by character.',
  })
  redirectUris!: string[]
}

@ObjectType()
export class CreateServiceClientPayload {
  @Field(() => ServiceClient)
  serviceClient!: ServiceClient

  @Field(() => String, { nullable: true, description: 'Shown here and never again; null for PUBLIC, which has none.' })
  secret!: string | null
}

@InputType()
export class RotateServiceClientSecretInput {
  @Field(() => ID)
  id!: string

  @Field(() => Int, {
    defaultValue: 24,
    description: 'How long the former secrets go on working, 0 to 168; 0 ends them at once.',
  })
  overlapHours!: number
}

@ObjectType()
export class RotateServiceClientSecretPayload {
  @Field(() => ServiceClient)
  serviceClient!: ServiceClient

  @Field(() => String, { description: 'Shown here and never again.' })
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

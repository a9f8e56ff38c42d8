import { connectionType } from '@signalbox/shared/connection'
import { DateTime, JSONValue } from '@signalbox/shared/federation'
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'

export enum AuditOutcome {
  ALLOWED = 'ALLOWED',
  DENIED = 'DENIED',
  FAILED = 'FAILED',
}
registerEnumType(AuditOutcome, {
  name: 'AuditOutcome',
  description: 'ALLOWED: it was done. DENIED: it was refused. FAILED: it was tried and did not succeed.',
})

export enum AuditOrder {
  NEWEST_FIRST = 'NEWEST_FIRST',
  OLDEST_FIRST = 'OLDEST_FIRST',
}
registerEnumType(AuditOrder, { name: 'AuditOrder' })

@ObjectType({ description: 'What was acted on.' })
export class AuditTarget {
  @Field(() => String) type!: string
  @Field(() => ID) id!: string
}

/** One entry of the trail, as its chain has it. */
@ObjectType({
  description: 'One entry of the audit trail. Entries are never changed; each carries the hash of the one before it.',
})
export class AuditEvent {
  /** In the event log: the key of pages. */
  position!: number
  organizationId!: string
  actor!: { kind: string; id: string } | null

  @Field(() => ID) id!: string
  @Field(() => Int, { description: "Its place in the organisation's chain: 1, 2, 3 …" }) sequence!: number
  @Field(() => DateTime) at!: Date
  @Field(() => String, { description: '`<noun>.<what happened>`: `review.decided`.' }) action!: string
  @Field(() => AuditOutcome) outcome!: AuditOutcome
  @Field(() => String, { nullable: true, description: 'USER, SERVICE_CLIENT or SYSTEM; null: nobody was signed in.' })
  actorKind!: string | null
  @Field(() => ID, { nullable: true }) actorId!: string | null
  @Field(() => [String], { description: 'What the actor was allowed to do.' }) scopes!: string[]
  @Field(() => AuditTarget, { nullable: true }) target!: AuditTarget | null
  @Field(() => JSONValue) details!: Record<string, unknown>
  @Field(() => String, { nullable: true }) requestId!: string | null
  @Field(() => String, { nullable: true, description: 'The GraphQL operation or the route.' }) operation!: string | null
  @Field(() => String, { nullable: true, description: "The client's network: an address without its last part." })
  source!: string | null
  @Field(() => String) previousHash!: string
  @Field(() => String, { description: 'SHA-256 over the canonical JSON (RFC 8785) of the entry with its `previousHash`.' })
  hash!: string
}

export const AuditEventConnection = connectionType('AuditEvent', () => AuditEvent)

@InputType()
export class AuditFilter {
  @Field(() => [String], { nullable: true, description: 'Any of these.' }) action?: string[] | null
  @Field(() => AuditOutcome, { nullable: true }) outcome?: AuditOutcome | null
  @Field(() => ID, { nullable: true }) actorId?: string | null
  @Field(() => DateTime, { nullable: true, description: 'From this moment on.' }) from?: Date | null
  @Field(() => DateTime, { nullable: true, description: 'Before this moment.' }) to?: Date | null
  @Field(() => String, {
    nullable: true,
    description: 'In a request id, an operation, an action, or the id of an actor or a target.',
  })
  search?: string | null
  @Field(() => ID, { nullable: true, description: "One organisation; absent: the active one and an agency's clients." })
  organization?: string | null
}

@ObjectType({ description: 'Whether a chain is as it was written.' })
export class AuditIntegrity {
  @Field(() => Boolean) ok!: boolean
  @Field(() => Int, { description: 'Entries that were computed again and fit.' }) checked!: number
  @Field(() => Int, { description: 'Entries that were ever written.' }) entries!: number
  @Field(() => String, {
    nullable: true,
    description: 'The hash of the last entry. Keep it elsewhere: a later chain must contain it.',
  })
  head!: string | null
  @Field(() => Int, { nullable: true, description: 'The first entry that is not as it was written.' }) firstBroken!: number | null
  @Field(() => String, { nullable: true, description: 'What is wrong with it.' }) fault!: string | null
}

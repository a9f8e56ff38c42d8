import { connectionType } from '@signalbox/shared/connection'
import { DateTime } from '@signalbox/shared/federation'
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'

export enum AlertRule {
  FAILED_SIGN_INS = 'FAILED_SIGN_INS',
  PLATFORM_FAILED_SIGN_INS = 'PLATFORM_FAILED_SIGN_INS',
  SCOPE_MISUSE = 'SCOPE_MISUSE',
  REFRESH_REUSED = 'REFRESH_REUSED',
  REQUEST_BURST = 'REQUEST_BURST',
  TOKENS_REFUSED = 'TOKENS_REFUSED',
  REVOKED_CLIENT_USED = 'REVOKED_CLIENT_USED',
  CODES_FOR_MANY_ADDRESSES = 'CODES_FOR_MANY_ADDRESSES',
}
registerEnumType(AlertRule, { name: 'AlertRule', description: 'What was noticed in the audit trail.' })

export enum AlertSeverity {
  WARNING = 'WARNING',
  CRITICAL = 'CRITICAL',
}
registerEnumType(AlertSeverity, { name: 'AlertSeverity', description: 'CRITICAL: look at it now.' })

@ObjectType({ description: 'Something unusual in the audit trail. Within its window one alert counts on.' })
export class Alert {
  organizationId!: string
  subject!: string
  subjectKind!: string
  acknowledgedByKind!: string | null
  acknowledgedById!: string | null
  /** Milliseconds since the epoch. */
  changedAt!: number

  @Field(() => ID) id!: string
  @Field(() => AlertRule) rule!: AlertRule
  @Field(() => AlertSeverity) severity!: AlertSeverity
  @Field(() => String) title!: string
  @Field(() => String) whatHappened!: string
  @Field(() => String) whyItMatters!: string
  @Field(() => String) whatToDo!: string
  @Field(() => Int) count!: number
  @Field(() => DateTime, { description: 'The first of what was counted.' }) startedAt!: Date
  @Field(() => DateTime, { description: 'The last of what was counted.' }) lastAt!: Date
  @Field(() => DateTime, { description: 'What happens after this raises an alert of its own.' }) windowEndsAt!: Date
  @Field(() => DateTime) raisedAt!: Date
  @Field(() => DateTime, { nullable: true }) acknowledgedAt!: Date | null
  @Field(() => String, { nullable: true, description: 'The network that it came from, where the alert is about one.' })
  source!: string | null
}

export const AlertConnection = connectionType('Alert', () => Alert)

@InputType()
export class AlertFilter {
  @Field(() => Boolean, { nullable: true, description: 'True: those that nobody has acknowledged; false: the others.' })
  open?: boolean | null
  @Field(() => [AlertRule], { nullable: true }) rule?: AlertRule[] | null
  @Field(() => ID, { nullable: true, description: "One organisation; absent: the active one and an agency's clients." })
  organization?: string | null
}

@InputType()
export class AcknowledgeAlertInput {
  @Field(() => ID) id!: string
}

@ObjectType()
export class AcknowledgeAlertPayload {
  @Field(() => Alert) alert!: Alert
}

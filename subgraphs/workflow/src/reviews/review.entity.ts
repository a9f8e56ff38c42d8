import { PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { connectionType } from '@signalbox/shared/connection'
import { DateTime, JSONValue } from '@signalbox/shared/federation'
import { Directive, Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { Actor, actorOf, User } from '@signalbox/shared/actor'
import { KnowledgeHit } from '../knowledge/knowledge-hit.ts'

export enum ReviewStatus {
  OPEN = 'OPEN',
  DECIDED = 'DECIDED',
  EXPIRED = 'EXPIRED',
  WITHDRAWN = 'WITHDRAWN',
}
registerEnumType(ReviewStatus, {
  name: 'ReviewStatus',
  description: 'Where a review stands.',
  valuesConfig: { WITHDRAWN: { description: 'Its run was cancelled before anybody decided.' } },
})

export enum ReviewAction {
  APPROVE = 'APPROVE',
  EDIT = 'EDIT',
  RESPOND = 'RESPOND',
  REJECT = 'REJECT',
}
registerEnumType(ReviewAction, {
  name: 'ReviewAction',
  description: 'What a person decides.',
  valuesConfig: {
    APPROVE: { description: 'Go on with the proposal as it is. Takes no value.' },
    EDIT: { description: 'Go on with the proposal as changed: value holds what is other, by `responseSchema`.' },
    RESPOND: {
      description:
        'Answer in your own words: value { reply } where the review asks for a reply, else all that `responseSchema` asks for.',
    },
    REJECT: { description: 'Do not do what is proposed; how the run goes on is its workflow’s to say. Takes no value.' },
  },
})

export enum ExpiryAction {
  APPROVE = 'APPROVE',
  REJECT = 'REJECT',
  FAIL = 'FAIL',
}
registerEnumType(ExpiryAction, {
  name: 'ReviewExpiryAction',
  description: 'What happens when nobody decides.',
  valuesConfig: { FAIL: { description: 'The run fails.' } },
})

@ObjectType({ description: 'The one decision of a review.' })
export class ReviewDecision {
  @Field(() => ReviewAction) action!: ReviewAction
  @Field(() => JSONValue, { nullable: true }) value!: unknown
  @Field(() => String, { nullable: true }) comment!: string | null
  @Field(() => Actor, { nullable: true }) decidedBy!: ReturnType<typeof actorOf>
  @Field(() => DateTime) decidedAt!: Date
}

@Entity({ schema: 'workflow', tableName: 'reviews' })
@ObjectType({ description: 'A decision that the workflow leaves to a person.' })
@Directive('@key(fields: "id")')
export class Review {
  [PrimaryKeyProp]?: ['organizationId', 'id']

  @PrimaryKey({ type: 'uuid' })
  organizationId!: string

  @PrimaryKey({ type: 'uuid' })
  @Field(() => ID)
  id!: string

  @Property({ type: 'uuid' })
  runId!: string

  @Property({ type: 'uuid' })
  workflowId!: string

  @Property({ type: 'text' })
  interruptId!: string

  @Property({ type: 'text' })
  @Field(() => ID, { description: 'The state that was looked at; `decideReview` wants it back.' })
  checkpointId!: string

  @Property({ type: 'text' })
  @Field(() => String)
  node!: string

  @Property({ type: 'text' })
  @Field(() => String)
  question!: string

  @Property({ type: 'json' })
  @Field(() => JSONValue, {
    description: 'What goes on at APPROVE, as the workflow’s step puts it, with the `reason` why a person is asked.',
  })
  proposal!: Record<string, unknown>

  @Property({ type: 'json' })
  @Field(() => [KnowledgeHit])
  evidence!: KnowledgeHit[]

  @Property({ type: 'double', nullable: true })
  @Field(() => Float, { nullable: true })
  confidence!: number | null

  @Property({ type: 'text[]' })
  @Field(() => [ReviewAction])
  allowedActions!: ReviewAction[]

  @Property({ type: 'json', nullable: true })
  @Field(() => JSONValue, { nullable: true, description: 'JSON Schema of the value of EDIT and RESPOND.' })
  responseSchema!: Record<string, unknown> | null

  @Property({ type: 'text' })
  @Field(() => ReviewStatus)
  status!: ReviewStatus

  @Property({ type: 'text', nullable: true })
  assigneeId!: string | null

  @Property({ type: 'timestamptz' })
  @Field(() => DateTime)
  openedAt!: Date

  @Property({ type: 'timestamptz', nullable: true })
  @Field(() => DateTime, { nullable: true })
  dueAt!: Date | null

  @Property({ type: 'text', nullable: true })
  @Field(() => String, {
    nullable: true,
    description: 'Who may decide: members of this role or above. Null: all who may decide at all.',
  })
  role!: string | null

  @Property({ type: 'integer' })
  @Field(() => Int, { description: 'How many people must agree. One who rejects decides at once.' })
  quorum!: number

  @Property({ type: 'boolean' })
  @Field(() => Boolean, { description: 'Whether who started the run may decide.' })
  selfApproval!: boolean

  @Property({ type: 'json', nullable: true })
  @Field(() => JSONValue, { nullable: true, description: 'What would be done outside.' })
  effect!: unknown

  @Property({ type: 'json', nullable: true })
  @Field(() => JSONValue, { nullable: true, description: 'What stands now, by the names of the proposal.' })
  before!: unknown

  @Property({ type: 'text', nullable: true })
  claimedById!: string | null

  @Property({ type: 'timestamptz', nullable: true })
  claimedUntil!: Date | null

  @Property({ type: 'timestamptz', nullable: true })
  @Field(() => DateTime, { nullable: true })
  remindedAt!: Date | null

  @Property({ type: 'timestamptz', nullable: true })
  @Field(() => DateTime, { nullable: true, description: 'When it was last passed on because nobody had decided.' })
  escalatedAt!: Date | null

  @Property({ type: 'timestamptz', nullable: true })
  @Field(() => DateTime, { nullable: true, description: 'When `expiryAction` happens by itself.' })
  expiresAt!: Date | null

  @Property({ type: 'text', nullable: true })
  @Field(() => ExpiryAction, { nullable: true })
  expiryAction!: ExpiryAction | null

  @Property({ type: 'text' })
  mails!: 'ALL' | 'LATER' | 'NONE'

  @Property({ type: 'timestamptz' })
  changedAt!: Date

  @Property({ type: 'text', nullable: true })
  decisionAction!: ReviewAction | null

  @Property({ type: 'json', nullable: true })
  decisionValue!: Record<string, unknown> | null

  @Property({ type: 'text', nullable: true })
  decisionComment!: string | null

  @Property({ type: 'text', nullable: true })
  decidedByKind!: string | null

  @Property({ type: 'text', nullable: true })
  decidedById!: string | null

  @Property({ type: 'timestamptz', nullable: true })
  decidedAt!: Date | null

  @Property({ type: 'double', nullable: true })
  activeMs!: number | null

  @Field(() => User, { nullable: true })
  get assignee(): User | null {
    return this.assigneeId === null ? null : Object.assign(new User(), { id: this.assigneeId })
  }

  @Field(() => User, { nullable: true, description: 'Who is at it; a claim ends after 30 minutes without a sign of life.' })
  get claimedBy(): User | null {
    const holds = this.claimedById !== null && (this.claimedUntil?.getTime() ?? 0) > Date.now()
    return holds ? Object.assign(new User(), { id: this.claimedById! }) : null
  }

  @Field(() => DateTime, { nullable: true })
  get claimEndsAt(): Date | null {
    return this.claimedBy === null ? null : this.claimedUntil
  }

  @Field(() => ReviewDecision, { nullable: true })
  get decision(): ReviewDecision | null {
    if (this.decisionAction === null || this.decidedAt === null) return null
    return {
      action: this.decisionAction,
      value: this.decisionValue,
      comment: this.decisionComment,
      decidedBy: actorOf(this.decidedByKind, this.decidedById),
      decidedAt: this.decidedAt,
    }
  }
}

export const ReviewConnection = connectionType('Review', () => Review)

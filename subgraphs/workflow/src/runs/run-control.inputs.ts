import { JSONValue } from '@signalbox/shared/federation'
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { Run } from './run.entity.ts'

@InputType()
export class PauseRunInput {
  @Field(() => ID) runId!: string
}

@InputType()
export class ResumeRunInput {
  @Field(() => ID) runId!: string
}

@InputType()
export class ReplayRunInput {
  @Field(() => ID) runId!: string
  @Field(() => JSONValue, { nullable: true, description: "The run's own unless given." }) input?: unknown
  @Field(() => Int, { nullable: true, description: "The run's own version unless given." }) version?: number | null
}

@InputType()
export class ForkRunInput {
  @Field(() => ID) runId!: string
  @Field(() => ID, { description: 'A saved state of the run.' }) checkpointId!: string
  @Field(() => JSONValue, {
    nullable: true,
    description: 'What is changed: a JSON merge patch (RFC 7396) on `{ input, results }`, with results by step.',
  })
  state?: unknown
  @Field(() => Int, { nullable: true, description: "The run's own version unless given." }) version?: number | null
}

@ObjectType()
export class PauseRunPayload {
  @Field(() => Run) run!: Run
}

@ObjectType()
export class ResumeRunPayload {
  @Field(() => Run) run!: Run
}

@ObjectType()
export class ReplayRunPayload {
  @Field(() => Run, { description: 'The new run.' }) run!: Run
}

@ObjectType()
export class ForkRunPayload {
  @Field(() => Run, { description: 'The new run.' }) run!: Run
}

import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { RunStatus } from '../../runs/run-status.ts'
import { MappingInput } from '../mapping.types.ts'
import { RunEventTrigger } from './run-event-trigger.entity.ts'

const CONDITION = 'An expression that must be true: `run.output.intent == "refund"`. What gives no value counts as false.'
const MAPPING = 'Expressions over `run`: `id`, `status`, `input`, `output`, `failure`, `caseId`, `tags`.'

@InputType()
export class CreateRunEventTriggerInput {
  @Field(() => String, { description: 'The id or slug of the workflow whose runs end.' }) sourceWorkflow!: string
  @Field(() => String, { description: 'The id or slug of the workflow that is started.' }) workflow!: string
  @Field(() => String, { description: '1 to 100 characters.' }) name!: string
  @Field(() => [RunStatus], { description: 'One or more of SUCCEEDED, FAILED, CANCELLED and EXPIRED.' }) statuses!: RunStatus[]
  @Field(() => String, { nullable: true, description: CONDITION }) condition?: string | null
  @Field(() => MappingInput, { description: MAPPING }) mapping!: MappingInput
  @Field(() => Boolean, { defaultValue: true }) enabled!: boolean
}

@InputType({ description: 'What is not given stays.' })
export class UpdateRunEventTriggerInput {
  @Field(() => ID) id!: string
  @Field(() => String, { nullable: true }) name?: string | null
  @Field(() => [RunStatus], { nullable: true }) statuses?: RunStatus[] | null
  @Field(() => String, { nullable: true, description: `${CONDITION} An empty one takes it away.` }) condition?: string | null
  @Field(() => MappingInput, { nullable: true, description: MAPPING }) mapping?: MappingInput | null
  @Field(() => Boolean, { nullable: true }) enabled?: boolean | null
}

@InputType()
export class DeleteRunEventTriggerInput {
  @Field(() => ID) id!: string
}

@ObjectType()
export class CreateRunEventTriggerPayload {
  @Field(() => RunEventTrigger) trigger!: RunEventTrigger
}

@ObjectType()
export class UpdateRunEventTriggerPayload {
  @Field(() => RunEventTrigger) trigger!: RunEventTrigger
}

@ObjectType()
export class DeleteRunEventTriggerPayload {
  @Field(() => RunEventTrigger, { description: 'As it was.' }) trigger!: RunEventTrigger
}

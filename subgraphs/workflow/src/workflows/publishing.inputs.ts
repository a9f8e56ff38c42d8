import { JSONValue } from '@signalbox/shared/federation'
import { ArgsType, Field, InputType, Int, ObjectType } from 'type-graphql'
import { WorkflowDraft } from './workflow-draft.entity.ts'
import { WorkflowVersion } from './workflow-version.entity.ts'
import { Workflow } from './workflow.entity.ts'

@InputType()
export class CheckWorkflowInput {
  @Field(() => JSONValue, { description: 'By `workflowDefinitionSchema`.' }) definition!: unknown
}

@InputType()
export class SaveWorkflowDraftInput {
  @Field(() => String, { nullable: true, description: 'Id or slug; without it a new workflow is begun.' }) workflow?:
    string | null
  @Field(() => String, { nullable: true, description: 'Of a new workflow: lower-case letters, digits and -, up to 100.' }) slug?:
    string | null
  @Field(() => String) name!: string
  @Field(() => String, { nullable: true }) description?: string | null
  @Field(() => JSONValue, { nullable: true, description: 'This or `text`.' }) definition?: unknown
  @Field(() => String, { nullable: true, description: 'The definition as JSON, to be kept with its order and spaces.' }) text?:
    string | null
  @Field(() => Int, { defaultValue: 0, description: 'Of the draft that was changed; 0: there was none.' }) revision!: number
}

@InputType()
export class DiscardWorkflowDraftInput {
  @Field(() => String, { description: 'Id or slug.' }) workflow!: string
  @Field(() => Int, { description: 'Of the draft that is to go.' }) revision!: number
}

@InputType()
export class PublishWorkflowInput {
  @Field(() => String, { description: 'Id or slug; with a definition also the slug of a new workflow.' }) workflow!: string
  @Field(() => JSONValue, { nullable: true, description: 'Instead of the draft, which then stays as it is.' })
  definition?: unknown
  @Field(() => String, { nullable: true, description: 'With a definition: as it was unless given.' }) name?: string | null
  @Field(() => String, { nullable: true, description: 'With a definition: as it was unless given.' }) description?: string | null
  @Field(() => Int, { nullable: true, description: 'Of the draft that was looked at: refused when it is another by now.' })
  revision?: number | null
  @Field(() => String, { nullable: true, description: 'What changed and why; up to 2,000 characters.' }) note?: string | null
}

@InputType()
export class RollbackWorkflowInput {
  @Field(() => String, { description: 'Id or slug.' }) workflow!: string
  @Field(() => Int, { description: 'The version that is to stand again.' }) version!: number
  @Field(() => String, { nullable: true, description: 'Why; up to 2,000 characters.' }) note?: string | null
}

@ArgsType()
export class CompareVersionsArgs {
  @Field(() => String, { description: 'Id or slug.' }) workflow!: string
  @Field(() => Int) from!: number
  @Field(() => Int, { nullable: true, description: 'The draft unless given.' }) to?: number | null
}

@ObjectType()
export class SaveWorkflowDraftPayload {
  @Field(() => Workflow) workflow!: Workflow
  @Field(() => WorkflowDraft) draft!: WorkflowDraft
}

@ObjectType()
export class DiscardWorkflowDraftPayload {
  @Field(() => Workflow) workflow!: Workflow
}

@ObjectType()
export class PublishWorkflowPayload {
  @Field(() => Workflow) workflow!: Workflow
  @Field(() => WorkflowVersion) version!: WorkflowVersion
  @Field(() => Boolean, { description: 'False when the current version is the same already.' }) created!: boolean
}

@ObjectType()
export class RollbackWorkflowPayload {
  @Field(() => Workflow) workflow!: Workflow
  @Field(() => WorkflowVersion, { description: 'The new version, which is the old one once more.' }) version!: WorkflowVersion
}

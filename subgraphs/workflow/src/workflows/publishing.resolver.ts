import { Actor, actorOf } from '@signalbox/shared/actor'
import { JSONValue } from '@signalbox/shared/federation'
import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { WorkflowContext } from '../context.ts'
import { checkDefinition } from './check-definition.ts'
import { WorkflowComparison } from './comparison.type.ts'
import { DefinitionFault, WorkflowCheck } from './definition-check.type.ts'
import { workflowDefinitionSchema } from './definition-schema.ts'
import { drawDraft } from './graph-drawing.ts'
import {
  CheckWorkflowInput,
  CompareVersionsArgs,
  DiscardWorkflowDraftInput,
  DiscardWorkflowDraftPayload,
  PublishWorkflowInput,
  PublishWorkflowPayload,
  RollbackWorkflowInput,
  RollbackWorkflowPayload,
  SaveWorkflowDraftInput,
  SaveWorkflowDraftPayload,
} from './publishing.inputs.ts'
import { StateGraph } from './state-graph.ts'
import { WorkflowDraft } from './workflow-draft.entity.ts'

const SCHEMA = workflowDefinitionSchema()
const faultsOf = (document: unknown): DefinitionFault[] => {
  const checked = checkDefinition(document)
  return 'faults' in checked ? checked.faults : []
}

@Resolver(() => WorkflowDraft)
export class PublishingResolver {
  @Query(() => JSONValue, { description: 'JSON Schema (draft 2020-12) of a workflow’s definition.' })
  @RequiresScopes('wrm:read')
  workflowDefinitionSchema() {
    return SCHEMA
  }

  @Query(() => WorkflowCheck, { description: 'Everything that keeps a definition from being published; keeps nothing of it.' })
  @RequiresScopes('wrm:read')
  checkWorkflow(@Arg('input', () => CheckWorkflowInput) { definition }: CheckWorkflowInput): WorkflowCheck {
    return { faults: faultsOf(definition), graph: drawDraft(definition) }
  }

  @Query(() => WorkflowComparison, { description: 'What differs between two versions, or between one and the draft.' })
  @RequiresScopes('wrm:read')
  compareVersions(@Args(() => CompareVersionsArgs) args: CompareVersionsArgs, @Ctx() { publishing }: WorkflowContext) {
    return publishing.compare(args)
  }

  @Mutation(() => SaveWorkflowDraftPayload, { description: 'Keeps what is being written, with its faults.' })
  @RequiresScopes('workflow:publish')
  saveWorkflowDraft(
    @Arg('input', () => SaveWorkflowDraftInput) input: SaveWorkflowDraftInput,
    @Ctx() { publishing }: WorkflowContext,
  ) {
    return publishing.saveDraft(input)
  }

  @Mutation(() => DiscardWorkflowDraftPayload)
  @RequiresScopes('workflow:publish')
  async discardWorkflowDraft(
    @Arg('input', () => DiscardWorkflowDraftInput) input: DiscardWorkflowDraftInput,
    @Ctx() { publishing }: WorkflowContext,
  ) {
    return { workflow: await publishing.discardDraft(input) }
  }

  @Mutation(() => PublishWorkflowPayload, {
    description: 'Makes the draft, or the given definition, the current version. Runs that have begun stay with theirs.',
  })
  @RequiresScopes('workflow:publish')
  publishWorkflow(@Arg('input', () => PublishWorkflowInput) input: PublishWorkflowInput, @Ctx() { publishing }: WorkflowContext) {
    return publishing.publish(input)
  }

  @Mutation(() => RollbackWorkflowPayload, {
    description: 'Makes an older version current again: it is published once more, under a new number.',
  })
  @RequiresScopes('workflow:publish')
  rollbackWorkflow(
    @Arg('input', () => RollbackWorkflowInput) input: RollbackWorkflowInput,
    @Ctx() { publishing }: WorkflowContext,
  ) {
    return publishing.rollback(input)
  }

  @FieldResolver(() => [DefinitionFault], { description: 'None: it can be published.' })
  faults(@Root() { definition }: WorkflowDraft) {
    return faultsOf(definition)
  }

  @FieldResolver(() => StateGraph, { nullable: true, description: 'Null while its steps and edges cannot be read.' })
  graph(@Root() { definition }: WorkflowDraft) {
    return drawDraft(definition)
  }

  @FieldResolver(() => Actor, { nullable: true })
  savedBy(@Root() { savedByKind, savedById }: WorkflowDraft) {
    return actorOf(savedByKind, savedById)
  }
}

import { PageArgs, pageSize } from '@signalbox/shared/connection'
import { JSONValue } from '@signalbox/shared/federation'
import { RequiresScopes, requireViewer } from '@signalbox/shared/scopes'
import { Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql'
import { Actor, actorOf } from '@signalbox/shared/actor'
import type { WorkflowContext } from '../context.ts'
import { KnowledgeBase } from '../knowledge/knowledge-base.entity.ts'
import { Organization } from '../organizations/organization.entity.ts'
import { Agent } from './agent.ts'
import { drawGraph } from './graph-drawing.ts'
import { StateGraph } from './state-graph.ts'
import { WorkflowDraft } from './workflow-draft.entity.ts'
import { WorkflowVersion, WorkflowVersionConnection } from './workflow-version.entity.ts'
import { Workflow, WorkflowConnection } from './workflow.entity.ts'
import { WorkflowArgs, WorkflowPageArgs } from './workflow.inputs.ts'

const agentsOf = (version: WorkflowVersion | undefined | null): Agent[] =>
  (version?.definition.agents ?? []).map(({ knowledgeBases, ...agent }) =>
    Object.assign(new Agent(), agent, { knowledge: knowledgeBases }),
  )

@Resolver(() => Workflow)
export class WorkflowResolver {
  @Query(() => WorkflowConnection)
  @RequiresScopes('wrm:read')
  workflows(@Args(() => WorkflowPageArgs) { filter, first, after }: WorkflowPageArgs, @Ctx() { workflows }: WorkflowContext) {
    return workflows.list(filter?.slug ?? null, pageSize(first), after ?? null)
  }

  @Query(() => Workflow, { nullable: true, description: 'By id, or by slug; of two with one slug the active organisation’s.' })
  @RequiresScopes('wrm:read')
  workflow(@Args(() => WorkflowArgs) args: WorkflowArgs, @Ctx() { workflows }: WorkflowContext) {
    return workflows.find(args)
  }

  @FieldResolver(() => Organization, { nullable: true })
  organization(@Root() { organizationId }: Workflow) {
    return Object.assign(new Organization(), { id: organizationId })
  }

  @FieldResolver(() => WorkflowVersion, { nullable: true })
  currentVersion(@Root() { currentVersionId }: Workflow, @Ctx() { workflows }: WorkflowContext) {
    return currentVersionId === null ? null : workflows.versionById(currentVersionId)
  }

  @FieldResolver(() => WorkflowVersionConnection, { description: 'Newest first.' })
  versions(@Root() workflow: Workflow, @Args(() => PageArgs) { first, after }: PageArgs, @Ctx() { workflows }: WorkflowContext) {
    return workflows.versions(workflow, pageSize(first), after ?? null)
  }

  @FieldResolver(() => WorkflowDraft, { nullable: true, description: 'What is being written; null while nobody changes it.' })
  draft(@Root() workflow: Workflow, @Ctx() { publishing }: WorkflowContext) {
    return publishing.draftOf(workflow)
  }

  @FieldResolver(() => Int, { description: 'Runs that were started in the last 30 days.' })
  async recentRuns(@Root() { id }: Workflow, @Ctx() { workflows }: WorkflowContext) {
    return (await workflows.recentRuns(id)) ?? 0
  }

  @FieldResolver(() => [Agent], { description: 'Those of the current version.' })
  async agents(@Root() { currentVersionId }: Workflow, @Ctx() { workflows }: WorkflowContext) {
    return agentsOf(currentVersionId === null ? null : await workflows.versionById(currentVersionId))
  }
}

@Resolver(() => WorkflowVersion)
export class WorkflowVersionResolver {
  @FieldResolver(() => JSONValue, { description: 'JSON Schema of a run’s input.' })
  inputSchema(@Root() { definition }: WorkflowVersion) {
    return definition.input
  }

  @FieldResolver(() => JSONValue, { description: 'JSON Schema of a run’s output.' })
  outputSchema(@Root() { definition }: WorkflowVersion) {
    return definition.output
  }

  @FieldResolver(() => StateGraph)
  graph(@Root() { definition }: WorkflowVersion) {
    return drawGraph(definition)
  }

  @FieldResolver(() => [Agent])
  agents(@Root() version: WorkflowVersion) {
    return agentsOf(version)
  }

  @FieldResolver(() => Actor, { nullable: true })
  publishedBy(@Root() { publishedByKind, publishedById }: WorkflowVersion) {
    return actorOf(publishedByKind, publishedById)
  }
}

@Resolver(() => Agent)
export class AgentResolver {
  @FieldResolver(() => [KnowledgeBase])
  @RequiresScopes('kb:read')
  knowledgeBases(@Root() { knowledge: names }: Agent, @Ctx() { knowledge, viewer }: WorkflowContext) {
    return knowledge.byNames(names, requireViewer(viewer).organizationId)
  }
}

import { Actor, actorOf } from '@signalbox/shared/actor'
import { JSONValue } from '@signalbox/shared/federation'
import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { WorkflowContext } from '../context.ts'
import { CONNECTORS, connectorOf } from './registry.ts'
import {
  DeleteToolInput,
  DeleteToolPayload,
  SaveToolInput,
  SaveToolPayload,
  TryToolInput,
  TryToolPayload,
} from './tool.inputs.ts'
import { ConnectorKind, Tool } from './tool.type.ts'

@Resolver(() => Tool)
export class ToolResolver {
  @Query(() => [ConnectorKind], { description: 'The kinds of tool that there are.' })
  @RequiresScopes('wrm:write')
  connectors(): ConnectorKind[] {
    return CONNECTORS.map(({ rateLimit, ...connector }) => ({ ...connector, ratePerMinute: rateLimit }))
  }

  @Query(() => [Tool], { description: 'The active organisation’s own tools, by name.' })
  @RequiresScopes('wrm:write')
  tools(@Ctx() { tools }: WorkflowContext) {
    return tools.list()
  }

  @Mutation(() => SaveToolPayload, { description: 'Adds a tool, or changes one; runs use it with their next call.' })
  @RequiresScopes('org:admin', 'wrm:write')
  async saveTool(@Arg('input', () => SaveToolInput) input: SaveToolInput, @Ctx() { tools }: WorkflowContext) {
    return { tool: await tools.save(input) }
  }

  @Mutation(() => DeleteToolPayload, { description: 'Workflows that name it fail at that step.' })
  @RequiresScopes('org:admin', 'wrm:write')
  async deleteTool(@Arg('input', () => DeleteToolInput) { id }: DeleteToolInput, @Ctx() { tools }: WorkflowContext) {
    return { tool: await tools.remove(id) }
  }

  @Mutation(() => TryToolPayload, { description: 'Says what a call would send, or makes it for real (that needs org:admin).' })
  @RequiresScopes('wrm:write')
  async tryTool(@Arg('input', () => TryToolInput) input: TryToolInput, @Ctx() { tools }: WorkflowContext) {
    return { trial: await tools.try(input) }
  }

  @FieldResolver(() => JSONValue, { description: 'JSON Schema of the arguments of a call.' })
  parameters(@Root() { kind, settings }: Tool) {
    return connectorOf(kind)?.parameters(settings) ?? { type: 'object' }
  }

  @FieldResolver(() => Actor, { nullable: true })
  savedBy(@Root() { savedByKind, savedById }: Tool) {
    return actorOf(savedByKind, savedById)
  }
}

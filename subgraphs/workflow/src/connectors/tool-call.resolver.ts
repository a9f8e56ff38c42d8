import { PageArgs } from '@signalbox/shared/connection'
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import type { WorkflowContext } from '../context.ts'
import { Run } from '../runs/run.entity.ts'
import { ToolCallConnection } from './tool-call.type.ts'

@Resolver(() => Run)
export class RunToolCallResolver {
  @FieldResolver(() => ToolCallConnection, { description: 'Calls of tools, in the order in which they were first made.' })
  toolCalls(@Root() run: Run, @Args(() => PageArgs) { first, after }: PageArgs, @Ctx() { toolCalls }: WorkflowContext) {
    return toolCalls.ofRun(run, first ?? null, after ?? null)
  }
}

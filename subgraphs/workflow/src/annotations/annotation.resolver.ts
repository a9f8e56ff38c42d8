import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import { Actor, actorOf } from '@signalbox/shared/actor'
import type { WorkflowContext } from '../context.ts'
import { Annotation } from './annotation.entity.ts'
import { AnnotateRunInput, AnnotateRunPayload } from './annotation.inputs.ts'

@Resolver(() => Annotation)
export class AnnotationResolver {
  @Mutation(() => AnnotateRunPayload)
  @RequiresScopes('wrm:write')
  annotateRun(@Arg('input', () => AnnotateRunInput) input: AnnotateRunInput, @Ctx() { annotations }: WorkflowContext) {
    return annotations.annotate(input)
  }

  @FieldResolver(() => Actor, { nullable: true })
  author(@Root() { authorKind, authorId }: Annotation) {
    return actorOf(authorKind, authorId)
  }
}

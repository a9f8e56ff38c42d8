import { RequiresScopes, requireViewer, type ViewerContext } from '@signalbox/shared/scopes'
import { Arg, Ctx, FieldResolver, Field, Float, Int, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql'
import { KnowledgeBase } from './knowledge-base.entity.ts'
import { KnowledgeHit } from './knowledge-hit.ts'
import {
  CalibrateKnowledgeBaseInput,
  CreateKnowledgeBaseInput,
  IngestDocumentsInput,
  ReindexKnowledgeBaseInput,
  SearchKnowledgeInput,
} from './knowledge.inputs.ts'
import type { KnowledgeService } from './knowledge.service.ts'

export interface KnowledgeContext extends ViewerContext {
  knowledge: KnowledgeService
}

@ObjectType()
export class CreateKnowledgeBasePayload {
  @Field(() => KnowledgeBase) knowledgeBase!: KnowledgeBase
}

@ObjectType()
export class IngestDocumentsPayload {
  @Field(() => KnowledgeBase) knowledgeBase!: KnowledgeBase
  @Field(() => Int) added!: number
  @Field(() => Int) updated!: number
  @Field(() => Int) unchanged!: number
}

@ObjectType()
export class CalibrateKnowledgeBasePayload {
  @Field(() => KnowledgeBase) knowledgeBase!: KnowledgeBase
}

@ObjectType()
export class ReindexKnowledgeBasePayload {
  @Field(() => KnowledgeBase) knowledgeBase!: KnowledgeBase
}

const organizationOf = ({ viewer }: KnowledgeContext) => requireViewer(viewer).organizationId

@Resolver(() => KnowledgeBase)
export class KnowledgeResolver {
  @Query(() => [KnowledgeBase])
  @RequiresScopes('kb:read')
  knowledgeBases(@Ctx() { knowledge }: KnowledgeContext) {
    return knowledge.list()
  }

  @Query(() => [KnowledgeHit], { description: 'By meaning and by words together, best first.' })
  @RequiresScopes('kb:read')
  searchKnowledge(@Arg('input', () => SearchKnowledgeInput) input: SearchKnowledgeInput, @Ctx() context: KnowledgeContext) {
    return context.knowledge.search(input, organizationOf(context))
  }

  @Mutation(() => CreateKnowledgeBasePayload, { description: 'The base with this name, made when it is missing.' })
  @RequiresScopes('kb:write')
  async createKnowledgeBase(
    @Arg('input', () => CreateKnowledgeBaseInput) { name }: CreateKnowledgeBaseInput,
    @Ctx() context: KnowledgeContext,
  ) {
    return { knowledgeBase: await context.knowledge.create(organizationOf(context), name) }
  }

  @Mutation(() => IngestDocumentsPayload, {
    description: 'The same key with the same content changes nothing; with other content it replaces.',
  })
  @RequiresScopes('kb:write')
  ingestDocuments(@Arg('input', () => IngestDocumentsInput) input: IngestDocumentsInput, @Ctx() context: KnowledgeContext) {
    return context.knowledge.ingest(input, organizationOf(context))
  }

  @Mutation(() => CalibrateKnowledgeBasePayload, {
    description:
      'Starts cross-validation over the base’s labelled documents; ask for calibrationStatus until it is no longer RUNNING.',
  })
  @RequiresScopes('kb:write')
  async calibrateKnowledgeBase(
    @Arg('input', () => CalibrateKnowledgeBaseInput) input: CalibrateKnowledgeBaseInput,
    @Ctx() context: KnowledgeContext,
  ) {
    return { knowledgeBase: await context.knowledge.startCalibration(input, organizationOf(context)) }
  }

  @Mutation(() => ReindexKnowledgeBasePayload, {
    description: 'Builds the base’s index anew from its documents; chunks rises until it is done.',
  })
  @RequiresScopes('kb:write')
  async reindexKnowledgeBase(
    @Arg('input', () => ReindexKnowledgeBaseInput) { knowledgeBase }: ReindexKnowledgeBaseInput,
    @Ctx() context: KnowledgeContext,
  ) {
    return { knowledgeBase: await context.knowledge.startReindex(knowledgeBase, organizationOf(context)) }
  }

  @FieldResolver(() => Float)
  async documents(@Root() base: KnowledgeBase, @Ctx() { knowledge }: KnowledgeContext) {
    return (await knowledge.sizes(base)).documents
  }

  @FieldResolver(() => Float, { description: 'Passages that the documents were split into and that can be found.' })
  async chunks(@Root() base: KnowledgeBase, @Ctx() { knowledge }: KnowledgeContext) {
    return (await knowledge.sizes(base)).chunks
  }
}

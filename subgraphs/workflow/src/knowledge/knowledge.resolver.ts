import { PageArgs } from '@signalbox/shared/connection'
import { RequiresScopes, requireViewer, type ViewerContext } from '@signalbox/shared/scopes'
import { Arg, Args, Ctx, FieldResolver, Float, Mutation, Query, Resolver, Root } from 'type-graphql'
import { Organization } from '../organizations/organization.entity.ts'
import { KnowledgeAnswer } from './answer.ts'
import { DocumentConnection } from './document.entity.ts'
import { KnowledgeBase } from './knowledge-base.entity.ts'
import { KnowledgeHit } from './knowledge-hit.ts'
import {
  CreateKnowledgeBasePayload,
  CalibrateKnowledgeBasePayload,
  DeleteDocumentsPayload,
  DeleteKnowledgeBasePayload,
  IngestDocumentsPayload,
  IngestUrlPayload,
  ReindexKnowledgeBasePayload,
} from './knowledge.payloads.ts'
import {
  AskKnowledgeInput,
  CalibrateKnowledgeBaseInput,
  CreateKnowledgeBaseInput,
  DeleteDocumentsInput,
  DeleteKnowledgeBaseInput,
  IngestDocumentsInput,
  IngestUrlInput,
  KnowledgeDocumentFilter,
  ReindexKnowledgeBaseInput,
  SearchKnowledgeInput,
} from './knowledge.inputs.ts'
import type { KnowledgeService } from './knowledge.service.ts'

export interface KnowledgeContext extends ViewerContext {
  knowledge: KnowledgeService
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

  @Query(() => [KnowledgeAnswer], {
    description:
      'What the base’s examples say about each text, in the order of the texts: how it would be decided, without a run.',
  })
  @RequiresScopes('kb:read')
  knowledgeAnswers(@Arg('input', () => AskKnowledgeInput) input: AskKnowledgeInput, @Ctx() context: KnowledgeContext) {
    return context.knowledge.answers(input, organizationOf(context))
  }

  @Query(() => DocumentConnection, { description: 'The documents of a base, newest first.' })
  @RequiresScopes('kb:read')
  knowledgeDocuments(
    @Arg('filter', () => KnowledgeDocumentFilter) { knowledgeBase, search, id }: KnowledgeDocumentFilter,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Ctx() context: KnowledgeContext,
  ) {
    return context.knowledge.documents(knowledgeBase, { search, id, first, after }, organizationOf(context))
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

  @Mutation(() => IngestUrlPayload, {
    description: 'Reads a page or a file on the web (CSV, Markdown, HTML, PDF, text) into the base; again, when it has changed.',
  })
  @RequiresScopes('kb:write')
  ingestUrl(@Arg('input', () => IngestUrlInput) input: IngestUrlInput, @Ctx() context: KnowledgeContext) {
    return context.knowledge.ingestUrl(input, organizationOf(context))
  }

  @Mutation(() => DeleteDocumentsPayload, {
    description:
      'Deletes documents for good, with their versions and all that was derived from them. Passages that former runs rested on stay with those runs.',
  })
  @RequiresScopes('kb:write')
  deleteDocuments(
    @Arg('input', () => DeleteDocumentsInput) { knowledgeBase, documents }: DeleteDocumentsInput,
    @Ctx() context: KnowledgeContext,
  ) {
    return context.knowledge.deleteDocuments(knowledgeBase, documents, organizationOf(context))
  }

  @Mutation(() => DeleteKnowledgeBasePayload, {
    description:
      'Deletes a base for good, with its documents and all that was derived from them. Runs that look in it fail from then on; passages that former runs rested on stay with those runs.',
  })
  @RequiresScopes('kb:write')
  async deleteKnowledgeBase(
    @Arg('input', () => DeleteKnowledgeBaseInput) { knowledgeBase }: DeleteKnowledgeBaseInput,
    @Ctx() context: KnowledgeContext,
  ) {
    const { id } = await context.knowledge.deleteBase(knowledgeBase, organizationOf(context))
    return { id }
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

  @FieldResolver(() => Organization, { nullable: true, description: 'Whose it is; only they may change it.' })
  organization(@Root() { organizationId }: KnowledgeBase) {
    return Object.assign(new Organization(), { id: organizationId })
  }

  @FieldResolver(() => Float)
  async documents(@Root() base: KnowledgeBase, @Ctx() { knowledge }: KnowledgeContext) {
    return (await knowledge.sizes(base)).documents
  }

  @FieldResolver(() => Float, { description: 'Passages that the documents were split into and that can be found.' })
  async chunks(@Root() base: KnowledgeBase, @Ctx() { knowledge }: KnowledgeContext) {
    return (await knowledge.sizes(base)).chunks
  }

  @FieldResolver(() => Float, { description: 'Documents that are still being read, or read again by a new model.' })
  async waiting(@Root() base: KnowledgeBase, @Ctx() { knowledge }: KnowledgeContext) {
    return (await knowledge.sizes(base)).waiting
  }
}

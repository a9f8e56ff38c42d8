import { Actor, actorOf } from '@signalbox/shared/actor'
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import { DocumentVersion } from './document-version.entity.ts'
import { Document } from './document.entity.ts'
import type { KnowledgeContext } from './knowledge.resolver.ts'

@Resolver(() => Document)
export class DocumentResolver {
  @FieldResolver(() => [DocumentVersion], { description: 'What it was and is, the present version first; the last 100.' })
  versions(@Root() document: Document, @Ctx() { knowledge }: KnowledgeContext) {
    return knowledge.versions(document)
  }
}

@Resolver(() => DocumentVersion)
export class DocumentVersionResolver {
  @FieldResolver(() => Actor, { nullable: true, description: 'Who handed it in.' })
  author(@Root() { authorKind, authorId }: DocumentVersion) {
    return actorOf(authorKind, authorId)
  }
}

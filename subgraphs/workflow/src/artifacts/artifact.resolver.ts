import { RequiresScopes, type ViewerContext } from '@signalbox/shared/scopes'
import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import { Artifact } from './artifact.entity.ts'
import type { ArtifactService } from './artifact.service.ts'

export interface ArtifactContext extends ViewerContext {
  artifacts: ArtifactService
}

/** The list of a run's files is a field of the run. */
@Resolver(() => Artifact)
export class ArtifactResolver {
  @Query(() => Artifact, { nullable: true })
  @RequiresScopes('wrm:read')
  artifact(@Arg('id', () => ID) id: string, @Ctx() { artifacts }: ArtifactContext) {
    return artifacts.find(id)
  }

  @FieldResolver(() => String, { nullable: true, description: 'The first 16 KB of a text; null for other media types.' })
  preview(@Root() artifact: Artifact, @Ctx() { artifacts }: ArtifactContext) {
    return artifacts.preview(artifact)
  }
}

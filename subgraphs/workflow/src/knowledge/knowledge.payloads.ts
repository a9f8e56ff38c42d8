import { Field, ID, Int, ObjectType } from 'type-graphql'
import { KnowledgeBase } from './knowledge-base.entity.ts'

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
  @Field(() => Int, {
    description: 'Of those that were given: another document of the base says the same, and is found in their stead.',
  })
  duplicates!: number
}

@ObjectType()
export class RowFault {
  @Field(() => Int, { description: 'Line of the file on which the row starts, from 1.' }) line!: number
  @Field(() => String) message!: string
}

@ObjectType()
export class IngestUrlPayload extends IngestDocumentsPayload {
  @Field(() => String, { description: 'What it was read as: CSV, MARKDOWN, HTML, PDF or TEXT.' }) kind!: string
  @Field(() => Int, { description: 'Documents that were read in it.' }) documents!: number
  @Field(() => [RowFault], { description: 'Rows of a table that were left out.' }) faults!: RowFault[]
}

@ObjectType()
export class DeleteDocumentsPayload {
  @Field(() => KnowledgeBase) knowledgeBase!: KnowledgeBase
  @Field(() => Int, { description: 'How many of them there were.' }) deleted!: number
}

@ObjectType()
export class DeleteKnowledgeBasePayload {
  @Field(() => ID) id!: string
}

@ObjectType()
export class CalibrateKnowledgeBasePayload {
  @Field(() => KnowledgeBase) knowledgeBase!: KnowledgeBase
}

@ObjectType()
export class ReindexKnowledgeBasePayload {
  @Field(() => KnowledgeBase) knowledgeBase!: KnowledgeBase
}

import { Field, Float, InputType, Int } from 'type-graphql'

@InputType()
export class SearchKnowledgeInput {
  @Field(() => String, { description: 'Name or id.' }) knowledgeBase!: string
  @Field(() => String) text!: string
  @Field(() => Int, { nullable: true, description: '12 unless given, 50 at most.' }) limit?: number | null
}

@InputType()
export class CreateKnowledgeBaseInput {
  @Field(() => String) name!: string
}

@InputType()
export class DocumentInput {
  @Field(() => String, { description: 'The sender’s name for it: the same key again replaces it.' }) key!: string
  @Field(() => String, { nullable: true }) title?: string | null
  @Field(() => String) text!: string
  @Field(() => String, { nullable: true, description: 'Makes it an example that decisions are taken by.' }) label?: string | null
}

@InputType()
export class IngestDocumentsInput {
  @Field(() => String, { description: 'Name or id.' }) knowledgeBase!: string
  @Field(() => [DocumentInput], { description: '500 at most.' }) documents!: DocumentInput[]
}

@InputType()
export class CalibrateKnowledgeBaseInput {
  @Field(() => String, { description: 'Name or id.' }) knowledgeBase!: string
  @Field(() => Float, { defaultValue: 0.95, description: 'Share of automatic decisions that must be right, 0.5 to 0.999.' })
  targetPrecision!: number
}

@InputType()
export class ReindexKnowledgeBaseInput {
  @Field(() => String, { description: 'Name or id.' }) knowledgeBase!: string
}

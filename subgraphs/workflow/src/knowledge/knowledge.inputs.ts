import { Field, Float, ID, InputType, Int } from 'type-graphql'

@InputType({ description: 'Where a search looks: what fits all that is given.' })
export class KnowledgeFilterInput {
  @Field(() => [String], { nullable: true, description: 'Only documents with one of these labels.' }) labels?: string[] | null
  @Field(() => String, { nullable: true, description: 'Only passages whose title begins so, in upper or lower case.' })
  titlePrefix?: string | null
  @Field(() => String, { nullable: true, description: 'Only documents whose key begins so: a folder, an address.' })
  keyPrefix?: string | null
  @Field(() => [ID], { nullable: true }) documentIds?: string[] | null
}

@InputType()
export class SearchKnowledgeInput {
  @Field(() => String, { description: 'Name or id.' }) knowledgeBase!: string
  @Field(() => String) text!: string
  @Field(() => Int, { nullable: true, description: '12 unless given, 50 at most.' }) limit?: number | null
  @Field(() => KnowledgeFilterInput, { nullable: true }) filter?: KnowledgeFilterInput | null
}

@InputType()
export class AskKnowledgeInput {
  @Field(() => String, { description: 'Name or id.' }) knowledgeBase!: string
  @Field(() => [String], { description: '50 at most; each is answered by itself.' }) texts!: string[]
  @Field(() => Int, { nullable: true, description: 'Hits of each answer: 12 unless given, 50 at most.' }) limit?: number | null
}

@InputType()
export class KnowledgeDocumentFilter {
  @Field(() => String, { description: 'Name or id.' }) knowledgeBase!: string
  @Field(() => String, { nullable: true, description: 'Words of the key, the title, the label or the text.' })
  search?: string | null
  @Field(() => ID, { nullable: true, description: 'Only this one.' }) id?: string | null
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
export class IngestUrlInput {
  @Field(() => String, { description: 'Name or id.' }) knowledgeBase!: string
  @Field(() => String, { description: 'Of a page or a file that anybody may read; it becomes the document’s key.' }) url!: string
  @Field(() => String, { nullable: true, description: 'Instead of the page’s own.' }) title?: string | null
  @Field(() => String, { nullable: true }) label?: string | null
}

@InputType()
export class DeleteDocumentsInput {
  @Field(() => String, { description: 'Name or id.' }) knowledgeBase!: string
  @Field(() => [ID], { description: '500 at most.' }) documents!: string[]
}

@InputType()
export class DeleteKnowledgeBaseInput {
  @Field(() => String, { description: 'Name or id.' }) knowledgeBase!: string
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

import { Field, Float, ID, ObjectType } from 'type-graphql'

/** One retrieved passage. The scores are comparable within one search, not between bases. */
@ObjectType({ description: 'A passage that a search found, with the label of the document that it belongs to.' })
export class KnowledgeHit {
  @Field(() => ID) documentId!: string
  @Field(() => String, { nullable: true }) title!: string | null
  @Field(() => String) text!: string
  @Field(() => Float, { description: 'Similarity from 0 to 1, of meaning and of words together.' }) score!: number
  @Field(() => String, { nullable: true }) label!: string | null
  @Field(() => Float, { nullable: true, description: 'The part of the score that is meaning: the cosine of the embeddings.' })
  meaning?: number | null
  @Field(() => Float, { nullable: true, description: 'The part of the score that is words, from 0 to about 1.' }) words?:
    number | null
}

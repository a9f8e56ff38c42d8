import { Field, Float, ID, Int, ObjectType } from 'type-graphql'

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
  @Field(() => String, { nullable: true, description: 'The key of the document: a file’s name, an address, a sender’s key.' })
  documentKey?: string | null
  @Field(() => Int, { nullable: true, description: 'The version of the document that the passage was read in.' }) version?:
    number | null
  @Field(() => Int, { nullable: true, description: 'Which passage of its document it is, from 0.' }) ordinal?: number | null
  @Field(() => Int, { nullable: true, description: 'Where it begins in the document’s text, in characters from 0.' }) start?:
    number | null
  @Field(() => Int, { nullable: true, description: 'Where it ends: the character after its last.' }) end?: number | null
}

import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql'
import { Annotation } from './annotation.entity.ts'
import { Run } from '../runs/run.entity.ts'

@InputType()
export class AnnotateRunInput {
  @Field(() => ID) runId!: string
  @Field(() => String, { description: '1 to 4,000 characters.' }) body!: string
  @Field(() => Float, { nullable: true, description: 'From 0, bad, to 1, good.' }) score?: number | null
  @Field(() => String, { nullable: true }) label?: string | null
  @Field(() => Int, { nullable: true, description: 'The transition that it is about.' }) seq?: number | null
}

@ObjectType()
export class AnnotateRunPayload {
  @Field(() => Annotation) annotation!: Annotation
  @Field(() => Run) run!: Run
}

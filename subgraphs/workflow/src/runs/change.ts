import { Field, ObjectType, registerEnumType } from 'type-graphql'
import { Review } from '../reviews/review.entity.ts'
import { Run } from './run.entity.ts'

export enum ChangeKind {
  ADDED = 'ADDED',
  UPDATED = 'UPDATED',
  LEFT = 'LEFT',
}
registerEnumType(ChangeKind, {
  name: 'ChangeKind',
  description: 'How a list changed.',
  valuesConfig: {
    ADDED: { description: 'Matches the filter and did not before.' },
    LEFT: { description: 'No longer matches the filter; ignore it when you do not hold it.' },
  },
})

@ObjectType({ description: 'A change of a list of runs. Several changes of one run in quick succession may come as one.' })
export class RunChange {
  @Field(() => String, { description: 'Pass the last one as `after` when you come back.' }) cursor!: string
  @Field(() => ChangeKind) kind!: ChangeKind
  @Field(() => Run) run!: Run
}

@ObjectType({ description: 'A change of a list of reviews. Several changes of one review in quick succession may come as one.' })
export class ReviewChange {
  @Field(() => String, { description: 'Pass the last one as `after` when you come back.' }) cursor!: string
  @Field(() => ChangeKind) kind!: ChangeKind
  @Field(() => Review) review!: Review
}

import { Field, ObjectType } from 'type-graphql'

@ObjectType()
export class TriggerFieldFault {
  @Field(() => String, { description: 'What it is about: `input.text`, `mapping.input.text`.' }) path!: string
  @Field(() => String) message!: string
}

@ObjectType({ description: 'Why a trigger did not start a run.' })
export class TriggerFault {
  @Field(() => String) code!: string
  @Field(() => String, { description: 'A plain sentence.' }) message!: string
  @Field(() => [TriggerFieldFault], { nullable: true }) fields?: TriggerFieldFault[] | null
}

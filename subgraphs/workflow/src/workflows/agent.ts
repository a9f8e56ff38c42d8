import { Field, ObjectType } from 'type-graphql'

@ObjectType({ description: 'A configured reasoning role of a workflow version. Steps name the agent that performs them.' })
export class Agent {
  @Field(() => String) name!: string
  @Field(() => String, { description: 'The configured model; `default` is the one that the installation is set up with.' })
  model!: string
  @Field(() => String) instructions!: string
  @Field(() => [String]) tools!: string[]
  /** Names; the resolver gives the bases. */
  knowledge!: string[]
}

import { Field, ObjectType } from 'type-graphql'

@ObjectType({ description: 'A step of the workflow.' })
export class StateGraphNode {
  @Field(() => String, { description: 'Unique in the graph; transitions name it.' }) name!: string
  @Field(() => String, {
    description: 'What the step does: plan, retrieve, decide, act, reflect, review, branch, map, subworkflow, wait or transform.',
  })
  kind!: string
  @Field(() => String, { nullable: true, description: 'The agent that performs it; null for a step of people.' }) agent!:
    string | null
  @Field(() => String, { nullable: true }) description!: string | null
}

@ObjectType({ description: 'A way from one step to the next. `__start__` and `__end__` are the ends.' })
export class StateGraphEdge {
  @Field(() => String) from!: string
  @Field(() => String) to!: string
  @Field(() => String, { nullable: true, description: 'When it is taken, in words where the workflow has them; null: always.' })
  condition!: string | null
}

@ObjectType()
export class StateGraph {
  @Field(() => [StateGraphNode]) nodes!: StateGraphNode[]
  @Field(() => [StateGraphEdge]) edges!: StateGraphEdge[]
  @Field(() => String, { description: 'The same as a Mermaid flowchart.' }) mermaid!: string
}

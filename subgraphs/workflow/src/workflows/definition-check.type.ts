import { Field, ObjectType } from 'type-graphql'
import { StateGraph } from './state-graph.ts'

@ObjectType({ description: 'What is wrong with a definition, and where.' })
export class DefinitionFault {
  @Field(() => String, { description: 'Dotted path in the definition: `nodes.3.timeoutMs`; empty for the whole.' }) path!: string
  @Field(() => String, { description: 'Goes on where the path ends: `must be at least 100`.' }) message!: string
}

@ObjectType({ description: 'A definition as it would be published.' })
export class WorkflowCheck {
  @Field(() => [DefinitionFault], { description: 'None: it can be published. At most 200.' }) faults!: DefinitionFault[]
  @Field(() => StateGraph, { nullable: true, description: 'Null while its steps and edges cannot be read.' })
  graph!: StateGraph | null
}

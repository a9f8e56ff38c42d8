import { JSONValue } from '@signalbox/shared/federation'
import { Field, ObjectType, registerEnumType } from 'type-graphql'
import { WorkflowVersion } from './workflow-version.entity.ts'
import { Workflow } from './workflow.entity.ts'

export enum DefinitionChangeKind {
  ADDED = 'ADDED',
  REMOVED = 'REMOVED',
  CHANGED = 'CHANGED',
}
registerEnumType(DefinitionChangeKind, { name: 'DefinitionChangeKind' })

@ObjectType({ description: 'One difference between two definitions.' })
export class DefinitionChange {
  @Field(() => DefinitionChangeKind, { description: 'Of the step, edge or agent; anything else is CHANGED.' })
  kind!: DefinitionChangeKind
  @Field(() => String, { description: 'Part of the definition: nodes, edges, agents, policy, …' }) part!: string
  @Field(() => String, { nullable: true, description: 'The step, edge (`a → b`) or agent; null for other parts.' })
  subject!: string | null
  @Field(() => String, { description: 'Dotted path in the newer definition; of what was removed, in the older.' }) path!: string
  @Field(() => JSONValue, { nullable: true, description: 'Null: was not there.' }) before!: unknown
  @Field(() => JSONValue, { nullable: true, description: 'Null: is not there.' }) after!: unknown
}

@ObjectType()
export class WorkflowComparison {
  @Field(() => Workflow) workflow!: Workflow
  @Field(() => WorkflowVersion) from!: WorkflowVersion
  @Field(() => WorkflowVersion, { nullable: true, description: 'Null: the draft.' }) to!: WorkflowVersion | null
  @Field(() => [DefinitionChange], { description: 'In the order of the definition; none: they are the same.' })
  changes!: DefinitionChange[]
}

import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql'
import { KnowledgeHit } from '../knowledge/knowledge-hit.ts'
import { StateGraphEdge, StateGraphNode } from '../workflows/state-graph.ts'
import { RunFailure, TokenUsage } from './run-failure.ts'
import { DateTime } from '@signalbox/shared/federation'

export enum NodeState {
  PENDING = 'PENDING',
  RUNNING = 'RUNNING',
  WAITING = 'WAITING',
  RETRYING = 'RETRYING',
  SUCCEEDED = 'SUCCEEDED',
  FAILED = 'FAILED',
  SKIPPED = 'SKIPPED',
}
registerEnumType(NodeState, {
  name: 'NodeState',
  description: 'Where a step of a run stands.',
  valuesConfig: {
    WAITING: { description: 'A person must decide.' },
    SKIPPED: { description: 'The run ended without coming here, or was stopped in it.' },
  },
})

@ObjectType()
export class RunGraphNode extends StateGraphNode {
  @Field(() => NodeState) state!: NodeState
  @Field(() => Int, { description: 'How often the run came here.' }) visits!: number
  @Field(() => Int, { description: 'Tries in the latest visit.' }) attempts!: number
  @Field(() => Float, { nullable: true, description: 'Milliseconds of its latest finished visit.' }) durationMs!: number | null
  @Field(() => Int, { nullable: true, description: 'The latest transition of this step.' }) lastSeq!: number | null
}

@ObjectType()
export class RunGraphEdge extends StateGraphEdge {
  @Field(() => Boolean, { description: 'Whether the run went this way.' }) taken!: boolean
}

@ObjectType({ description: "The version's graph with the state of this run in it." })
export class RunGraph {
  @Field(() => [RunGraphNode]) nodes!: RunGraphNode[]
  @Field(() => [RunGraphEdge]) edges!: RunGraphEdge[]
  @Field(() => String) mermaid!: string
}

@ObjectType({ description: 'One try of a step.' })
export class RunAttempt {
  @Field(() => Int, { description: 'From 1 within one visit of the step.' }) attempt!: number
  @Field(() => NodeState) state!: NodeState
  @Field(() => DateTime) startedAt!: Date
  @Field(() => DateTime, { nullable: true }) finishedAt!: Date | null
  @Field(() => Float, { nullable: true }) durationMs!: number | null
  @Field(() => RunFailure, { nullable: true }) failure!: RunFailure | null
  @Field(() => TokenUsage, { nullable: true }) usage!: TokenUsage | null
}

@ObjectType({ description: 'One visit of a step, in the order of the run.' })
export class RunStep {
  @Field(() => String) node!: string
  @Field(() => Int, { nullable: true, description: 'In the body of a parallel map: which item, from 0.' }) item!: number | null
  @Field(() => String, { nullable: true }) agent!: string | null
  @Field(() => [RunAttempt]) attempts!: RunAttempt[]
  @Field(() => [KnowledgeHit], { description: 'What the step retrieved or rested on.' }) evidence!: KnowledgeHit[]
}

import { PageArgs } from '@signalbox/shared/connection'
import { ArgsType, Field, ID, InputType } from 'type-graphql'

@InputType()
export class WorkflowFilter {
  @Field(() => String, { nullable: true }) slug?: string | null
}

@ArgsType()
export class WorkflowPageArgs extends PageArgs {
  @Field(() => WorkflowFilter, { nullable: true }) filter?: WorkflowFilter | null
}

@ArgsType()
export class WorkflowArgs {
  @Field(() => ID, { nullable: true }) id?: string | null
  @Field(() => String, { nullable: true }) slug?: string | null
}

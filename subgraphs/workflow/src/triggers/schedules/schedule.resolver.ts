import { Actor, actorOf } from '@signalbox/shared/actor'
import { DateTime } from '@signalbox/shared/federation'
import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { WorkflowContext } from '../../context.ts'
import { Run } from '../../runs/run.entity.ts'
import { Workflow } from '../../workflows/workflow.entity.ts'
import { cronWords } from '../cron-words.ts'
import { Schedule } from './schedule.entity.ts'
import {
  CreateScheduleInput,
  CreateSchedulePayload,
  DeleteScheduleInput,
  DeleteSchedulePayload,
  RunScheduleNowInput,
  RunScheduleNowPayload,
  SchedulePreview,
  UpdateScheduleInput,
  UpdateSchedulePayload,
} from './schedule.inputs.ts'

@Resolver(() => Schedule)
export class ScheduleResolver {
  @Query(() => [Schedule], { description: 'The active organisation’s schedules, oldest first; at most 200.' })
  @RequiresScopes('wrm:read')
  schedules(@Ctx() { schedules }: WorkflowContext) {
    return schedules.list()
  }

  @Query(() => SchedulePreview, { description: 'What a cron would mean; BAD_USER_INPUT says what would be right.' })
  @RequiresScopes('wrm:read')
  previewSchedule(
    @Arg('cron', () => String) cron: string,
    @Arg('timeZone', () => String) timeZone: string,
    @Arg('count', () => Int, { defaultValue: 3, description: 'At most 50.' }) count: number,
    @Ctx() { schedules }: WorkflowContext,
  ) {
    return schedules.preview({ cron, timeZone }, count)
  }

  @Mutation(() => CreateSchedulePayload)
  @RequiresScopes('wrm:write')
  async createSchedule(
    @Arg('input', () => CreateScheduleInput) input: CreateScheduleInput,
    @Ctx() { schedules }: WorkflowContext,
  ) {
    return { schedule: await schedules.create(input) }
  }

  @Mutation(() => UpdateSchedulePayload)
  @RequiresScopes('wrm:write')
  async updateSchedule(
    @Arg('input', () => UpdateScheduleInput) input: UpdateScheduleInput,
    @Ctx() { schedules }: WorkflowContext,
  ) {
    return { schedule: await schedules.update(input) }
  }

  @Mutation(() => DeleteSchedulePayload, { description: 'Its runs stay.' })
  @RequiresScopes('wrm:write')
  async deleteSchedule(
    @Arg('input', () => DeleteScheduleInput) { id }: DeleteScheduleInput,
    @Ctx() { schedules }: WorkflowContext,
  ) {
    return { schedule: await schedules.remove(id) }
  }

  @Mutation(() => RunScheduleNowPayload, { description: 'Starts a run of it at once, paused or not.' })
  @RequiresScopes('wrm:write')
  runScheduleNow(@Arg('input', () => RunScheduleNowInput) { id }: RunScheduleNowInput, @Ctx() { schedules }: WorkflowContext) {
    return schedules.runNow(id)
  }

  @FieldResolver(() => String, { description: 'When it comes, in plain words without the time zone: `Every Monday at 08:00`.' })
  words(@Root() { cron }: Schedule) {
    return cronWords(cron)
  }

  @FieldResolver(() => [DateTime], { description: 'None while it is paused.' })
  nextRuns(
    @Root() schedule: Schedule,
    @Arg('count', () => Int, { defaultValue: 3, description: 'At most 50.' }) count: number,
    @Ctx() { schedules }: WorkflowContext,
  ) {
    return schedules.nextRuns(schedule, count)
  }

  @FieldResolver(() => Int, { description: 'Times that came and wait for a run to end.' })
  waitingCount(@Root() { waiting }: Schedule) {
    return waiting.length
  }

  @FieldResolver(() => Run, { nullable: true, description: 'The latest that it started.' })
  lastRun(@Root() { id }: Schedule, @Ctx() { schedules }: WorkflowContext) {
    return schedules.lastRun(id)
  }

  @FieldResolver(() => Workflow)
  workflow(@Root() { workflowId }: Schedule, @Ctx() { workflows }: WorkflowContext) {
    return workflows.byId(workflowId)
  }

  @FieldResolver(() => Actor, { nullable: true })
  createdBy(@Root() { createdByKind, createdById }: Schedule) {
    return actorOf(createdByKind, createdById)
  }
}

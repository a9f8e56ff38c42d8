import { actorRef } from '@signalbox/shared/actor'
import type { Audit, AuditAction } from '@signalbox/shared/audit'
import { BadUserInputError, NotFoundError } from '@signalbox/shared/errors'
import { toJson, toText } from '../../json.ts'
import { announceRuns } from '../../runs/create-runs.ts'
import { checkAgainst } from '../../runs/input-check.ts'
import type { Run } from '../../runs/run.entity.ts'
import { RunTrigger } from '../../runs/run-status.ts'
import { checkId, type Tenant, type Transaction } from '../../tenant.ts'
import type { WorkflowService } from '../../workflows/workflow.service.ts'
import { checkTimes, timesAfter, type Times } from '../cron.ts'
import { cronWords } from '../cron-words.ts'
import { databaseNow } from '../due.ts'
import { latestRuns } from '../latest-runs.ts'
import { checkMapping, SCHEDULE_VARIABLES, type Mapping } from '../mapping.ts'
import { startTriggered, type StartParts } from '../start-triggered.ts'
import { checkRoom, nameFault, rangeFault, refuseFaults } from '../trigger-checks.ts'
import { dueTime, itemAt, nextTime } from './fire-schedules.ts'
import { Schedule } from './schedule.entity.ts'
import type { CreateScheduleInput, UpdateScheduleInput } from './schedule.inputs.ts'

const MAX_PREVIEW = 50

/** The active organisation's schedules. */
export class ScheduleService {
  constructor(
    private readonly tenant: Tenant,
    private readonly workflows: WorkflowService,
    private readonly parts: StartParts,
    private readonly audit: Audit,
  ) {}

  readonly lastRun = latestRuns(this.tenant)

  list(): Promise<Schedule[]> {
    return this.tenant.transaction(async ({ em, query }) =>
      (
        await query<object>('select * from workflow.schedules where organization_id = $1 order by id', [
          this.tenant.viewer.organizationId,
        ])
      ).map((row) => em.map(Schedule, row)),
    )
  }

  /** @throws {BadUserInputError} saying what would be right */
  preview(times: Times, count: number): { words: string; nextRuns: Date[] } {
    checkTimes(times)
    return { words: cronWords(times.cron), nextRuns: this.nextRuns(times, count) }
  }

  nextRuns(times: Times & { pausedAt?: Date | null }, count: number): Date[] {
    if (count < 0 || count > MAX_PREVIEW)
      throw new BadUserInputError(`count must be between 0 and ${MAX_PREVIEW}.`, [
        { path: 'count', message: `between 0 and ${MAX_PREVIEW}` },
      ])
    return times.pausedAt == null ? timesAfter(times, new Date(), count) : []
  }

  /** @throws {BadUserInputError} {NotFoundError} */
  create(input: CreateScheduleInput): Promise<Schedule> {
    const by = actorRef(this.tenant.viewer)
    const { organizationId } = this.tenant.viewer
    return this.tenant.transaction(async (transaction) => {
      await checkRoom(transaction, 'workflow.schedules', organizationId)
      const { workflow } = await this.workflows.versionToStart(transaction, input.workflow, null)
      const given = Object.assign(new Schedule(), {
        organizationId,
        ...input,
        id: crypto.randomUUID(),
        workflowId: workflow.id,
        input: input.input ?? null,
        mapping: (input.mapping ?? null) as Mapping | null,
        pausedAt: null,
        createdByKind: by.kind,
        createdById: by.id,
      })
      return this.#save(transaction, given, 'trigger.created', true)
    })
  }

  /** @throws {BadUserInputError} {NotFoundError} */
  update({ id, paused, input, mapping, ...changes }: UpdateScheduleInput): Promise<Schedule> {
    return this.tenant.transaction(async (transaction) => {
      const schedule = await this.#lock(transaction, id)
      const before = timesOf(schedule)
      Object.assign(schedule, Object.fromEntries(Object.entries(changes).filter(([, value]) => value != null)))
      if (mapping != null || input != null) {
        schedule.input = input ?? null
        schedule.mapping = (mapping ?? null) as Mapping | null
      }
      if (paused != null) schedule.pausedAt = paused ? (schedule.pausedAt ?? (await databaseNow(transaction))) : null
      return this.#save(transaction, schedule, 'trigger.changed', timesOf(schedule) !== before)
    })
  }

  /** @throws {NotFoundError} */
  remove(id: string): Promise<Schedule> {
    return this.tenant.transaction(async (transaction) => {
      const schedule = await this.#lock(transaction, id)
      await transaction.query('delete from workflow.schedules where organization_id = $1 and id = $2', [
        schedule.organizationId,
        schedule.id,
      ])
      await this.#record(transaction, schedule, 'trigger.deleted')
      return schedule
    })
  }

  /** Starts a run at once, whatever else of the schedule still runs. @throws {BadUserInputError} {NotFoundError} */
  async runNow(id: string): Promise<{ schedule: Schedule; run: Run }> {
    const { schedule, run, fresh } = await this.tenant.transaction(async (transaction) => {
      const schedule = await this.#lock(transaction, id)
      const started = await startTriggered(transaction, {
        organizationId: schedule.organizationId,
        workflowId: schedule.workflowId,
        triggerId: schedule.id,
        trigger: RunTrigger.SCHEDULE,
        actor: actorRef(this.tenant.viewer),
        item: itemAt(schedule, await databaseNow(transaction)),
      })
      return { schedule, ...started }
    })
    announceRuns(this.parts.notifier, fresh)
    return { schedule, run }
  }

  /** @param resets whether its times are counted anew from now: what is due or waits is given up */
  async #save(transaction: Transaction, schedule: Schedule, action: AuditAction, resets: boolean): Promise<Schedule> {
    await this.#check(transaction, schedule)
    const next = schedule.pausedAt === null ? nextTime(schedule, await databaseNow(transaction)) : undefined
    const columns = {
      organization_id: schedule.organizationId,
      id: schedule.id,
      workflow_id: schedule.workflowId,
      name: toText(schedule.name.trim()),
      cron: schedule.cron.trim(),
      time_zone: schedule.timeZone,
      input: schedule.mapping === null ? toJson(schedule.input) : null,
      mapping: schedule.mapping === null ? null : toJson(schedule.mapping),
      catch_up: schedule.catchUp,
      catch_up_limit: schedule.catchUpLimit,
      overlap: schedule.overlap,
      jitter_seconds: schedule.jitterSeconds,
      paused_at: schedule.pausedAt,
      created_by_kind: schedule.createdByKind,
      created_by_id: schedule.createdById,
      ...(resets && { next_at: next ?? null, due_at: next === undefined ? null : dueTime(schedule, next), waiting: '[]' }),
    }
    const names = Object.keys(columns)
    const [row] = await transaction.query<object>(
      `insert into workflow.schedules (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')})
       on conflict (organization_id, id) do update set ${names.map((name) => `${name} = excluded.${name}`).join(', ')}
       returning *`,
      Object.values(columns),
    )
    await this.#record(transaction, schedule, action)
    return transaction.em.map(Schedule, row!)
  }

  async #check(transaction: Transaction, schedule: Schedule) {
    const both = (schedule.input === null) === (schedule.mapping === null)
    refuseFaults([
      nameFault(schedule.name),
      rangeFault('catchUpLimit', schedule.catchUpLimit, 1, 100),
      rangeFault('jitterSeconds', schedule.jitterSeconds, 0, 3_600),
      both && { path: 'input', message: 'give an input or a mapping' },
    ])
    checkTimes(schedule)
    if (schedule.mapping !== null) schedule.mapping = checkMapping(schedule.mapping, SCHEDULE_VARIABLES)
    const { version } = await this.workflows.versionToStart(transaction, schedule.workflowId, null)
    const { input } = itemAt(schedule, new Date())
    const path = schedule.mapping === null ? 'input' : 'mapping.input'
    checkAgainst(version.definition.input, input, path, 'The input does not fit the workflow.')
  }

  async #lock({ em, query }: Transaction, id: string): Promise<Schedule> {
    const [row] = await query<object>('select * from workflow.schedules where organization_id = $1 and id = $2 for update', [
      this.tenant.viewer.organizationId,
      checkId(id, 'schedule'),
    ])
    if (row === undefined) throw new NotFoundError('schedule')
    // A copy: what is changed of it is written by the statement that checks it, not by the manager.
    return Object.assign(new Schedule(), em.map(Schedule, row))
  }

  #record({ em }: Transaction, { organizationId, id, name }: Schedule, action: AuditAction) {
    return this.audit.record(em, organizationId, {
      action,
      outcome: 'ALLOWED',
      target: { type: 'Schedule', id },
      details: { kind: 'SCHEDULE', name },
    })
  }
}

/** What its times depend on. */
const timesOf = ({ cron, timeZone, jitterSeconds, pausedAt }: Schedule) =>
  JSON.stringify([cron.trim(), timeZone, jitterSeconds, pausedAt !== null])

import type { RunKey } from '../../runs/create-runs.ts'
import { createHash } from 'node:crypto'
import { BadUserInputError } from '@signalbox/shared/errors'

import { ENDED, RunTrigger } from '../../runs/run-status.ts'
import { inTransaction, managersOf, type Transaction } from '../../tenant.ts'
import { databaseNow, actOnDue, type DueRow, type FiringParts } from '../due.ts'
import { timesAfter, timesBetween } from '../cron.ts'
import { applyMapping } from '../mapping.ts'
import { startTriggered, storedFault, type StoredFault } from '../start-triggered.ts'
import { CatchUp, FiringOutcome, Overlap, Schedule } from './schedule.entity.ts'

/** Later than this a time counts as missed. Milliseconds. */
const GRACE_MS = 60_000
/** Between looks whether the run has ended that a time waits for. */
const WAIT_MS = 2_000
const ACTOR = { kind: 'SYSTEM', id: 'schedule' } as const

/**
 * Starts what is due of all organisations' schedules. Any number of processes may do it at once: a schedule's row is locked, its run and
 * its next time are one transaction, and the run's key names the time.
 * @param now the database's clock unless given
 */
export async function fireDueSchedules(parts: FiringParts, now?: Date): Promise<void> {
  const at = now ?? (await inTransaction(parts.orm.em.fork(), databaseNow))
  await actOnDue(parts, {
    list: ({ query }, limit) => query<DueRow>('select * from workflow.due_schedules($1, $2)', [at, limit]),
    act: (row) => fireOne(parts, row, at),
    postpone: ({ query }, { id }) =>
      query(`update workflow.schedules set due_at = $2::timestamptz + interval '1 minute' where id = $1`, [id, at]),
  })
}

function fireOne(parts: FiringParts, { organization_id, id }: DueRow, now: Date): Promise<RunKey[] | null> {
  return inTransaction(managersOf(parts.orm, organization_id).fork(), async (transaction) => {
    const [row] = await transaction.query<object>(
      'select * from workflow.schedules where organization_id = $1 and id = $2 and due_at <= $3 for update skip locked',
      [organization_id, id, now],
    )
    if (row === undefined) return null
    const schedule = transaction.em.map(Schedule, row)
    const arrived = arrivedTimes(schedule, now)
    const round = await startAll(transaction, parts, schedule, [
      ...schedule.waiting.map((time) => new Date(time)),
      ...arrived.times,
    ])
    const last = round.last ?? arrived.missed
    const next = nextTime(schedule, now)
    const dueAt = round.waiting.length > 0 ? new Date(now.getTime() + WAIT_MS) : next && dueTime(schedule, next)
    await transaction.query(
      `update workflow.schedules set next_at = $3, due_at = $4, waiting = $5, last_scheduled_at = coalesce($6, last_scheduled_at),
         last_outcome = case when $6::timestamptz is null then last_outcome else $7 end,
         last_fault = case when $6::timestamptz is null then last_fault else $8::jsonb end
       where organization_id = $1 and id = $2`,
      [
        organization_id,
        id,
        next ?? null,
        dueAt ?? null,
        JSON.stringify(round.waiting),
        last?.time ?? null,
        last?.outcome ?? null,
        last?.fault === undefined ? null : JSON.stringify(last.fault),
      ],
    )
    return round.fresh
  })
}

interface Firing {
  time: Date
  outcome: FiringOutcome
  fault?: StoredFault
}

/** The times that came since the schedule was last looked at, by its way of catching up. */
function arrivedTimes(schedule: Schedule, now: Date): { times: Date[]; missed?: Firing } {
  if (schedule.nextAt === null) return { times: [] }
  const until = new Date(now.getTime() - offsetOf(schedule))
  const count = schedule.catchUp === CatchUp.ALL ? schedule.catchUpLimit : 1
  const times = timesBetween(schedule, schedule.nextAt, until, count)
  if (schedule.catchUp !== CatchUp.SKIP) return { times }
  const onTime = times.filter((time) => until.getTime() - time.getTime() <= GRACE_MS)
  const late = times.find((time) => !onTime.includes(time))
  if (late === undefined) return { times: onTime }
  const fault = { code: 'MISSED', message: 'Nothing could start at that time, and missed times are left out.' }
  return { times: onTime, missed: { time: late, outcome: FiringOutcome.SKIPPED, fault } }
}

async function startAll(transaction: Transaction, parts: FiringParts, schedule: Schedule, times: Date[]) {
  const fresh: RunKey[] = []
  const waiting: string[] = []
  let last: Firing | undefined
  let busy = schedule.overlap !== Overlap.ALLOW && times.length > 0 && (await hasLiveRun(transaction, schedule))
  for (const time of times) {
    if (busy && schedule.overlap === Overlap.QUEUE) waiting.push(time.toISOString())
    else if (busy) {
      const fault = { code: 'OVERLAP', message: 'The run before it had not ended.' }
      last = { time, outcome: FiringOutcome.SKIPPED, fault }
    } else {
      const { firing, key } = await startAt(transaction, schedule, time)
      last = firing
      if (key !== undefined) fresh.push(key)
      busy = key !== undefined && schedule.overlap !== Overlap.ALLOW
    }
  }
  return { fresh, waiting: waiting.slice(-schedule.catchUpLimit), last }
}

async function startAt(transaction: Transaction, schedule: Schedule, time: Date) {
  try {
    const { fresh } = await startTriggered(transaction, {
      organizationId: schedule.organizationId,
      workflowId: schedule.workflowId,
      triggerId: schedule.id,
      trigger: RunTrigger.SCHEDULE,
      actor: ACTOR,
      item: { ...itemAt(schedule, time), idempotencyKey: `schedule:${schedule.id}:${time.toISOString()}` },
    })
    const firing: Firing = { time, outcome: FiringOutcome.STARTED }
    return { firing, key: fresh[0] }
  } catch (error) {
    const firing: Firing = { time, outcome: FiringOutcome.FAILED, fault: storedFault(error) }
    return { firing, key: undefined }
  }
}

/** What the run of a time is given. @throws {BadUserInputError} */
export function itemAt({ input, mapping }: Pick<Schedule, 'input' | 'mapping'>, time: Date) {
  if (mapping === null) return { input }
  const item = applyMapping(mapping, { scheduledAt: time.toISOString() })
  if (item.input === undefined) throw new BadUserInputError('An expression gave no value.', [])
  return { input: item.input, caseId: item.caseId }
}

async function hasLiveRun({ query }: Transaction, { organizationId, id }: Schedule): Promise<boolean> {
  const rows = await query(
    'select from workflow.runs where organization_id = $1 and trigger_id = $2 and not status = any ($3::text[]) limit 1',
    [organizationId, id, ENDED],
  )
  return rows.length > 0
}

/** The next time after a moment, or none. */
export const nextTime = (schedule: Pick<Schedule, 'id' | 'cron' | 'timeZone' | 'jitterSeconds'>, after: Date): Date | undefined =>
  timesAfter(schedule, new Date(after.getTime() - offsetOf(schedule)), 1)[0]

/** When a time is acted upon. */
export const dueTime = (schedule: Pick<Schedule, 'id' | 'jitterSeconds'>, time: Date): Date =>
  new Date(time.getTime() + offsetOf(schedule))

/** One for a schedule, so that many of the same hour do not all begin at once. Milliseconds. */
const offsetOf = ({ id, jitterSeconds }: Pick<Schedule, 'id' | 'jitterSeconds'>): number =>
  (createHash('sha256').update(id).digest().readUInt32BE(0) % (jitterSeconds + 1)) * 1_000

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { log, viewerOf, WorkflowTestbed } from '../../testing/testkit.ts'
import { fireDueSchedules } from './fire-schedules.ts'
import { CatchUp, Overlap } from './schedule.entity.ts'

const TEXT = 'Where is the card that I ordered'

describe('a schedule', () => {
  let bed: WorkflowTestbed

  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
  })
  afterEach(async () => {
    await bed.superuser.query('delete from workflow.schedules; delete from workflow.runs; delete from events.outbox')
  })
  afterAll(() => bed[Symbol.asyncDispose]())

  const schedules = () => bed.as().schedules
  const parts = () => ({ orm: bed.orm, notifier: bed.notifier, log })
  /** Every hour, made at 07:30, so that it is due at 08:00 first. */
  const hourly = async (over = {}) => {
    const { id } = await schedules().create({
      workflow: 'support-triage',
      name: 'Hourly',
      cron: '0 * * * *',
      timeZone: 'UTC',
      input: { text: TEXT },
      catchUp: CatchUp.LATEST,
      catchUpLimit: 3,
      overlap: Overlap.ALLOW,
      jitterSeconds: 0,
      ...over,
    })
    const eight = clock('08:00')
    await bed.superuser.query('update workflow.schedules set next_at = $1, due_at = $1 where id = $2', [eight, id])
    return id
  }
  const clock = (time: string) => new Date(`2026-03-02T${time}${time.length === 5 ? ':00' : ''}Z`)
  const fire = (time: string) => fireDueSchedules(parts(), clock(time))
  const started = async () =>
    (
      await bed.superuser.query(
        'select idempotency_key, trigger, trigger_id, started_by_id, input from workflow.runs order by id',
      )
    ).rows
  const times = async () => (await started()).map(({ idempotency_key }) => String(idempotency_key).slice(-13, -8))
  const endRuns = () => bed.superuser.query(`update workflow.runs set status = 'SUCCEEDED'`)
  const read = async () => (await schedules().list())[0]!

  it('starts a run when its time comes, and then waits for the next', async () => {
    const id = await hourly({ input: null, mapping: { input: { text: '"At " + scheduledAt' } } })
    await fire('07:59:59')
    expect(await started()).toEqual([])
    await fire('08:00:01')
    await fire('08:00:02')
    expect(await started()).toEqual([
      {
        idempotency_key: `schedule:${id}:2026-03-02T08:00:00.000Z`,
        trigger: 'SCHEDULE',
        trigger_id: id,
        started_by_id: 'schedule',
        input: { text: 'At 2026-03-02T08:00:00.000Z' },
      },
    ])
    expect(await read()).toMatchObject({ lastOutcome: 'STARTED', lastScheduledAt: clock('08:00'), nextAt: clock('09:00') })
    expect(await schedules().lastRun(id)).toMatchObject({ status: 'QUEUED' })
  })

  it('fires once, however many clocks look at once', async () => {
    await hourly()
    await Promise.all([fire('08:00'), fire('08:00'), fire('08:00')])
    expect(await times()).toEqual(['08:00'])
  })

  it('is not lost when a clock dies in the middle, and still fires once', async () => {
    await hourly()
    await bed.whileBroken('workflow.runs', () => fireDueSchedules(parts(), clock('08:00')))
    expect(await started()).toEqual([])
    await fire('08:01')
    await fire('08:01')
    expect(await times()).toEqual(['08:00'])
  })

  it.each([
    [CatchUp.SKIP, []],
    [CatchUp.LATEST, ['13:00']],
    [CatchUp.ALL, ['11:00', '12:00', '13:00']],
  ])('catches up with what it missed: %s', async (catchUp, expected) => {
    await hourly({ catchUp })
    await fire('13:30')
    expect(await times()).toEqual(expected)
    expect(await read()).toMatchObject({ nextAt: clock('14:00'), lastScheduledAt: clock('13:00') })
    await fire('14:00')
    expect(await times()).toEqual([...expected, '14:00'])
  })

  it('leaves a time out while its last run goes on, where it is to', async () => {
    await hourly({ overlap: Overlap.SKIP })
    await fire('08:00')
    await fire('09:00')
    expect(await times()).toEqual(['08:00'])
    expect(await read()).toMatchObject({ lastOutcome: 'SKIPPED', lastFault: { code: 'OVERLAP' } })
    await endRuns()
    await fire('10:00')
    expect(await times()).toEqual(['08:00', '10:00'])
  })

  it('queues its times while its last run goes on, where it is to, as many as may wait', async () => {
    const id = await hourly({ overlap: Overlap.QUEUE })
    for (const time of ['08:00', '09:00', '10:00', '11:00', '12:00']) await fire(time)
    expect(await times()).toEqual(['08:00'])
    expect((await read()).waiting).toHaveLength(3)
    await schedules().update({ id, name: 'Hourly still' })
    for (const time of ['12:10', '12:20', '12:30', '12:40']) {
      await endRuns()
      await fire(time)
    }
    expect(await times()).toEqual(['08:00', '10:00', '11:00', '12:00'])
    expect((await read()).nextAt).toEqual(clock('13:00'))
  })

  it('puts its times off by its share of the jitter, always the same', async () => {
    const id = await hourly({ jitterSeconds: 3_000 })
    await schedules().update({ id, jitterSeconds: 3_001 })
    const later = await bed.superuser.query<{ offset: number }>(
      'select extract(epoch from due_at - next_at)::int as offset from workflow.schedules',
    )
    const { offset } = later.rows[0]!
    expect(offset).toBeGreaterThanOrEqual(0)
    expect(offset).toBeLessThanOrEqual(3_000)
    await bed.superuser.query('update workflow.schedules set next_at = $1, due_at = $1', [clock('08:00')])
    await fireDueSchedules(parts(), new Date(clock('08:00').getTime() + offset * 1_000 - 1))
    expect(await started()).toEqual([])
    await fireDueSchedules(parts(), new Date(clock('08:00').getTime() + offset * 1_000 + 1))
    expect(await times()).toEqual(['08:00'])
  })

  it('acts on all that is due, more than it looks at in one go', async () => {
    await hourly()
    await bed.superuser.query(`update workflow.schedules set input = '{"wrong": 1}'`)
    await bed.superuser.query(
      `insert into workflow.schedules select (jsonb_populate_record(s, jsonb_build_object('id', uuidv7()))).*
       from workflow.schedules s, generate_series(1, 25)`,
    )
    await fire('08:00')
    const { rows } = await bed.superuser.query(
      `select count(*)::int as count from workflow.schedules where last_outcome = 'FAILED'`,
    )
    expect(rows).toEqual([{ count: 26 }])
  })

  it('tells why a time started nothing, and goes on', async () => {
    await hourly()
    await bed.superuser.query(`update workflow.schedules set input = '{"wrong": 1}'`)
    await fire('08:00')
    expect(await read()).toMatchObject({
      lastOutcome: 'FAILED',
      lastFault: { code: 'BAD_USER_INPUT', fields: expect.arrayContaining([{ path: 'input.text', message: 'is missing' }]) },
      nextAt: clock('09:00'),
    })
  })

  it('pauses, resumes and starts at once, by whoever may; audited', async () => {
    const id = await hourly()
    expect(await schedules().update({ id, paused: true })).toMatchObject({ pausedAt: expect.any(Date), nextAt: null })
    await fire('23:00')
    const { run } = await schedules().runNow(id)
    expect(run).toMatchObject({ trigger: 'SCHEDULE', startedByKind: 'USER' })
    const resumed = await schedules().update({ id, paused: false, cron: '0 8 * * MON', timeZone: 'Europe/Berlin' })
    expect(resumed.nextAt!.getTime()).toBeGreaterThan(Date.now())
    await schedules().remove(id)
    expect(await schedules().list()).toEqual([])
    const { rows } = await bed.superuser.query(
      `select payload ->> 'action' as action from events.outbox where type = 'audit.recorded' order by id`,
    )
    expect(rows.map(({ action }) => action)).toEqual(['trigger.created', 'trigger.changed', 'trigger.changed', 'trigger.deleted'])
  })

  it('is refused when it cannot work, and is nobody else’s', async () => {
    const refused = (over: object) => expect(hourly(over)).rejects
    await refused({ cron: '0 0 30 2 *' }).toMatchObject({ extensions: { fields: [{ path: 'cron' }] } })
    await refused({ input: { text: 5 } }).toMatchObject({ extensions: { fields: [{ path: 'input.text' }] } })
    await refused({ input: null }).toMatchObject({ extensions: { fields: [{ path: 'input' }] } })
    await refused({ input: null, mapping: { input: 'later' } }).toMatchObject({
      extensions: { fields: [{ path: 'mapping.input' }] },
    })
    await refused({ name: ' ', catchUpLimit: 101 }).toMatchObject({
      extensions: { fields: [{ path: 'name' }, { path: 'catchUpLimit' }] },
    })
    const id = await hourly()
    const stranger = bed.as(viewerOf(crypto.randomUUID())).schedules
    expect(await stranger.list()).toEqual([])
    for (const act of [() => stranger.runNow(id), () => stranger.remove(id), () => stranger.update({ id, paused: true })])
      await expect(act()).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { RunStatus } from '../../runs/run-status.ts'
import { log, viewerOf, WorkflowTestbed } from '../../testing/testkit.ts'
import { fireRunEvents, MAX_DEPTH } from './fire-run-events.ts'

describe('a trigger for the end of runs', () => {
  let bed: WorkflowTestbed

  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
  })
  afterEach(async () => {
    await bed.superuser.query('delete from workflow.run_event_triggers; delete from workflow.runs')
  })
  afterAll(() => bed[Symbol.asyncDispose]())

  const fire = () => fireRunEvents({ orm: bed.orm, notifier: bed.notifier, log })
  const create = (over = {}) =>
    bed.as().runEvents.create({
      sourceWorkflow: 'support-triage',
      workflow: 'support-triage',
      name: 'Follow up',
      statuses: [RunStatus.SUCCEEDED],
      mapping: { input: { text: '"After " + run.id' }, caseId: 'run.caseId' },
      enabled: true,
      ...over,
    })
  /** Ends a run as the engine does. */
  const end = (runId: string, status = 'SUCCEEDED', output: object = { label: 'refund' }) =>
    bed
      .as()
      .tenant.transaction(({ query }) =>
        query('select workflow.advance($1, $2, null, $3, $4)', [
          bed.organizationId,
          runId,
          JSON.stringify({ output }),
          JSON.stringify([{ kind: status, status, summary: 'ended' }]),
        ]),
      )
  const followers = async () =>
    (
      await bed.superuser.query(
        `select id, case_id, depth, started_by_id, input from workflow.runs where trigger = 'RUN' order by id`,
      )
    ).rows
  const firings = async () => {
    const { runEvents } = bed.as()
    const [trigger] = await runEvents.list()
    return (await runEvents.firings(trigger!, null, null)).nodes
  }

  it('starts a run once for each that ends as it waits for', async () => {
    await create()
    const source = await bed.start('first')
    await end(source)
    await Promise.all([fire(), fire(), fire()])
    expect(await followers()).toEqual([
      { id: expect.any(String), case_id: source, depth: 1, started_by_id: 'run', input: { text: `After ${source}` } },
    ])
    await bed.superuser.query(`update workflow.runs set status = 'RUNNING' where id = $1`, [source])
    await end(source)
    await fire()
    expect(await followers()).toHaveLength(1)
    expect(await firings()).toMatchObject([{ outcome: 'STARTED', sourceRunId: source }])
    expect((await bed.superuser.query('select from workflow.run_endings')).rows).toEqual([])
  })

  it('goes by status and condition', async () => {
    await create({ condition: 'run.output.label == "refund"' })
    await end(await bed.start('failed'), 'FAILED')
    await end(await bed.start('other'), 'SUCCEEDED', { label: 'other' })
    await fire()
    expect(await followers()).toEqual([])
    await end(await bed.start('refund'))
    await fire()
    expect(await followers()).toHaveLength(1)
  })

  it('loses none when a worker dies in the middle', async () => {
    await create()
    await end(await bed.start('first'))
    await bed.whileBroken('workflow.runs', fire)
    expect(await followers()).toEqual([])
    await bed.superuser.query('update workflow.run_endings set due_at = now()')
    await fire()
    expect(await followers()).toHaveLength(1)
  })

  it('does not go on for ever: a chain ends, with a record', async () => {
    const { id } = await create()
    let last = await bed.start('first')
    for (let depth = 1; depth <= MAX_DEPTH; depth += 1) {
      await end(last)
      await fire()
      const next = (await followers()).at(-1)!
      expect(next).toMatchObject({ depth: depth })
      last = next.id
    }
    await end(last)
    await fire()
    expect(await followers()).toHaveLength(MAX_DEPTH)
    expect((await firings())[0]).toMatchObject({ outcome: 'REFUSED', sourceRunId: last, fault: { code: 'CHAIN_TOO_LONG' } })
    expect(await bed.as().runEvents.lastRun(id)).toMatchObject({ id: last })
  })

  it('keeps why it started nothing', async () => {
    await create({ mapping: { input: { text: 'run.output.missing' } } })
    await end(await bed.start('first'))
    await fire()
    expect(await firings()).toMatchObject([
      {
        outcome: 'FAILED',
        fault: { code: 'BAD_USER_INPUT', fields: [{ path: 'mapping.input.text', message: 'No such key: missing' }] },
      },
    ])
  })

  it('waits for nothing while it is off, and is refused when it cannot work', async () => {
    const { id } = await create()
    await bed.as().runEvents.update({ id, enabled: false })
    await end(await bed.start('first'))
    expect((await bed.superuser.query('select from workflow.run_endings')).rows).toEqual([])
    await expect(create({ statuses: [RunStatus.RUNNING] })).rejects.toMatchObject({
      extensions: { fields: [{ path: 'statuses' }] },
    })
    await expect(create({ condition: 'body' })).rejects.toMatchObject({ extensions: { fields: [{ path: 'condition' }] } })
    await expect(bed.as(viewerOf(crypto.randomUUID())).runEvents.remove(id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { testTools, toolsOf } from '../testing/tools.ts'
import { eventually, WorkflowTestbed } from '../testing/testkit.ts'

const WORKER = fileURLToPath(new URL('../../dist/testing/worker-process.js', import.meta.url))

describe('taking over', () => {
  let bed: WorkflowTestbed
  const children: ChildProcess[] = []

  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
  })
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    await bed.stopEngines()
  })
  afterAll(() => bed[Symbol.asyncDispose]())

  /** A worker process that hangs for good in the given part of its tools. */
  async function hangingWorker(hangIn: string): Promise<ChildProcess> {
    const child = fork(WORKER, {
      env: { ...process.env, DATABASE_URL: bed.database.url('workflow_app'), HANG_IN: hangIn, NODE_OPTIONS: '' },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    children.push(child)
    await once(child, 'message')
    return child
  }

  it('goes on from the last saved step when a worker is killed', async () => {
    const child = await hangingWorker('decide')
    const runId = await bed.start('Where is the card that I ordered?')
    await eventually(async () => {
      expect((await bed.logOf(runId)).at(-1)).toMatchObject({ kind: 'NODE_STARTED', node: 'decide' })
    })
    child.kill('SIGKILL')
    await once(child, 'exit')
    let embedded = 0
    const tools = testTools()
    bed.engine({ embed: (text) => ((embedded += 1), tools.embed(text)) })
    await bed.until(runId, 'SUCCEEDED')
    const log = await bed.logOf(runId)
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1))
    expect(log.map(({ kind }) => kind)).toContain('RECOVERED')
    expect(log.filter(({ kind, node }) => kind === 'NODE_FINISHED' && node === 'retrieve')).toHaveLength(1)
    expect(embedded).toBe(0)
  })

  it('leaves the run of a killed worker alone no longer than a lease, then takes it at the next look', async () => {
    const child = await hangingWorker('decide')
    const runId = await bed.start('Where is the card that I ordered?')
    await eventually(async () => {
      expect((await bed.logOf(runId)).at(-1)).toMatchObject({ kind: 'NODE_STARTED', node: 'decide' })
    })
    child.kill('SIGKILL')
    await once(child, 'exit')
    const lease = await bed.superuser.query<{ until: Date; left: number }>(
      `select lease_until as until, extract(epoch from lease_until - clock_timestamp()) * 1000 as left from workflow.runs where id = $1`,
      [runId],
    )
    // A tenth of production's 10 s, and its looks of 1 s.
    expect(Number(lease.rows[0]!.left)).toBeLessThanOrEqual(1_000)
    bed.engine()
    await bed.until(runId, 'SUCCEEDED')
    const { rows } = await bed.superuser.query<{ early: boolean }>(
      `select bool_or(recorded_at < $2) as early from workflow.run_transitions where run_id = $1 and kind = 'RECOVERED'`,
      [runId, lease.rows[0]!.until],
    )
    expect(rows).toEqual([{ early: false }])
  })

  it('repeats an effect that was under way under the same key, and none that was settled', async () => {
    const child = await hangingWorker('n8n')
    const runId = await bed.start('Where is the card that I ordered?')
    await eventually(async () => {
      expect((await bed.logOf(runId)).at(-1)).toMatchObject({ kind: 'EFFECT_RECORDED', summary: 'About to use n8n.' })
    })
    child.kill('SIGKILL')
    await once(child, 'exit')
    const stored: string[] = []
    const called: string[] = []
    bed.engine({
      tools: toolsOf({
        artifact: async (_arguments, { runId }) => ({ artifactId: stored.push(runId).toString() }),
        n8n: async (_arguments, { idempotencyKey }) => ({ status: called.push(idempotencyKey) && 200 }),
      }),
    })
    await bed.until(runId, 'SUCCEEDED')
    expect(stored).toEqual([])
    expect(called).toEqual([`${runId}:act#1:1:n8n`])
    const log = await bed.logOf(runId)
    expect(log.filter(({ kind }) => kind === 'EFFECT_RECORDED')).toHaveLength(2)
    expect(log.filter(({ kind }) => kind === 'EFFECT_SETTLED')).toHaveLength(2)
  })

  it('keeps nothing of a worker that wakes up after its lease was taken', async () => {
    const gate = Promise.withResolvers<void>()
    const tools = testTools()
    let first = true
    // One engine stalls in a step and sends no heartbeat while the lease ends: its pool is cut off by ending the lease by hand.
    bed.engine({
      embed: async (text) => {
        if (first) {
          first = false
          await gate.promise
        }
        return tools.embed(text)
      },
    })
    const runId = await bed.start('Where is the card that I ordered?')
    await eventually(async () => {
      expect((await bed.logOf(runId)).at(-1)).toMatchObject({ kind: 'NODE_STARTED', node: 'retrieve' })
    })
    await bed.superuser.query(
      `update workflow.runs set lease_owner = 'somebody else', lease_until = now() - interval '1 s' where id = $1`,
      [runId],
    )
    bed.engine()
    await bed.until(runId, 'SUCCEEDED')
    const before = await bed.logOf(runId)
    gate.resolve()
    await bed.stopEngines()
    expect(await bed.logOf(runId)).toEqual(before)
    expect(before.filter(({ kind, node }) => kind === 'NODE_FINISHED' && node === 'retrieve')).toHaveLength(1)
  })

  it('lets runs end on a stop and hands over those that do not', async () => {
    const gate = Promise.withResolvers<void>()
    const tools = testTools()
    const engine = bed.engine({ embed: async (text) => (await gate.promise, tools.embed(text)) }, { drainMs: 0 })
    const runId = await bed.start('Where is the card that I ordered?')
    await eventually(async () => {
      expect((await bed.logOf(runId)).at(-1)).toMatchObject({ kind: 'NODE_STARTED', node: 'retrieve' })
    })
    const stopped = engine[Symbol.asyncDispose]()
    setTimeout(() => gate.resolve(), 50)
    await stopped
    const log = await bed.logOf(runId)
    expect(log.at(-1)).toMatchObject({ kind: 'QUEUED', status: 'QUEUED' })
    expect(log.filter(({ kind, node }) => kind === 'NODE_FINISHED' && node === 'retrieve')).toHaveLength(1)
    bed.engine()
    await bed.until(runId, 'SUCCEEDED')
    expect((await bed.logOf(runId)).filter(({ kind }) => kind === 'RECOVERED')).toHaveLength(0)
  })
})

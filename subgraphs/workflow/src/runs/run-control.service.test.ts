import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { ReviewAction } from '../reviews/review.entity.ts'
import { eventually, viewerOf, WorkflowTestbed } from '../testing/testkit.ts'
import { testTools, toolsOf } from '../testing/tools.ts'
import { publish } from '../workflows/publish.ts'
import { supportTriage } from '../workflows/support-triage.ts'
import { RetryFrom } from './run.inputs.ts'

const CARD = 'Where is the card that I ordered?'
const REFUND = 'I want a refund for this payment'
const hasty = {
  nodes: supportTriage.definition.nodes.map((node) => ({
    ...node,
    retry: { maxAttempts: 1, initialMs: 1, factor: 1, maxMs: 1 },
  })),
}
const coded = (code: string, message?: RegExp) =>
  expect.objectContaining({
    extensions: expect.objectContaining({ code }),
    ...(message && { message: expect.stringMatching(message) }),
  })

describe('control of runs', () => {
  let bed: WorkflowTestbed
  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
    await bed.publish(hasty)
  })
  afterEach(() => bed.stopEngines())
  afterAll(() => bed[Symbol.asyncDispose]())

  const reviewOf = async (runId: string) => (await bed.as().reviews.ofRun(runId))!.at(-1)!
  const approve = async (runId: string) => {
    const { id: reviewId, checkpointId } = await reviewOf(runId)
    return bed.as().reviews.decide({ reviewId, checkpointId, action: ReviewAction.APPROVE })
  }
  /** An engine whose search waits for the gate, and says when it was reached and when its signal fired. */
  function gated() {
    const gate = Promise.withResolvers<void>()
    const reached = Promise.withResolvers<void>()
    const tools = testTools()
    bed.engine({ search: async (query) => (reached.resolve(), await gate.promise, tools.search(query)) }, { leaseMs: 60_000 })
    return { open: gate.resolve, reached: reached.promise }
  }

  it('holds a run after the step under way, and lets it go on from there', async () => {
    const { open, reached } = gated()
    const id = await bed.start(CARD)
    await reached
    const { control } = bed.as()
    const leaseOf = async () =>
      (await bed.superuser.query('select lease_owner, lease_until::text from workflow.runs where id = $1', [id])).rows[0]
    const before = await leaseOf()
    expect(await control.pause(id)).toMatchObject({ status: 'RUNNING', pausing: true })
    // The worker has looked at its leases: it knows.
    await eventually(async () => expect(await leaseOf()).not.toEqual(before))
    await expect(control.pause(id)).rejects.toEqual(coded('CONFLICT', /already being paused/))
    open()
    const paused = await bed.until(id, 'PAUSED')
    expect(paused.pausing).toBe(false)
    const log = await bed.logOf(id)
    expect(log.at(-1)).toMatchObject({ kind: 'PAUSED' })
    expect(log.at(-2)).toMatchObject({ kind: 'NODE_FINISHED', node: 'retrieve' })
    expect((await leaseOf()).lease_owner).toBeNull()
    await control.resume(id)
    await bed.until(id, 'SUCCEEDED')
    expect((await bed.logOf(id)).map(({ summary }) => summary)).toContain('A person let the run go on.')
    expect((await bed.logOf(id)).filter(({ kind, node }) => kind === 'NODE_STARTED' && node === 'retrieve')).toHaveLength(1)
  })

  it('keeps the answer that comes while a run is paused, and waits again where none came', async () => {
    bed.engine()
    const [answered, open] = await Promise.all([bed.start(REFUND), bed.start(REFUND)])
    await Promise.all([answered, open].map((id) => bed.until(id, 'WAITING_FOR_REVIEW')))
    const { control } = bed.as()
    for (const id of [answered, open]) expect((await control.pause(id)).status).toBe('PAUSED')
    expect((await approve(answered)).run.status).toBe('PAUSED')
    expect((await control.resume(open)).status).toBe('WAITING_FOR_REVIEW')
    expect(await control.waitingFor(open)).toBe('A person must decide.')
    await control.resume(answered)
    expect((await bed.until(answered, 'SUCCEEDED')).output).toMatchObject({ action: 'refund' })
    await expect(control.resume(answered)).rejects.toEqual(coded('CONFLICT', /not paused/))
  })

  it('pauses a run that its worker was lost with, without going on', async () => {
    const id = await bed.start(CARD)
    await bed.superuser.query(
      `update workflow.runs set status = 'RUNNING', pause_requested = true, lease_owner = 'gone', lease_until = now() - interval '1 s' where id = $1`,
      [id],
    )
    bed.engine()
    await bed.until(id, 'PAUSED')
    expect((await bed.logOf(id)).some(({ kind }) => kind === 'NODE_STARTED')).toBe(false)
  })

  it('stops what is under way at once, with a word about what nobody can tell', async () => {
    const fired = Promise.withResolvers<void>()
    bed.engine(
      {
        tools: toolsOf({
          artifact: (_arguments, { signal }) =>
            new Promise((_resolve, reject) =>
              signal.addEventListener('abort', () => (fired.resolve(), reject(signal.reason as Error))),
            ),
        }),
      },
      { leaseMs: 60_000 },
    )
    const id = await bed.start(CARD)
    await eventually(async () => expect((await bed.logOf(id)).at(-1)).toMatchObject({ kind: 'EFFECT_RECORDED' }))
    const run = await bed.as().runs.cancel(id, 'not wanted')
    expect(run.status).toBe('CANCELLED')
    await fired.promise
    await bed.stopEngines()
    expect((await bed.logOf(id)).at(-1)!.summary).toBe(
      'A person cancelled the run: not wanted. It was about to use artifact: nobody can tell whether that was done.',
    )
  })

  it('withdraws the question of a cancelled run, and cancels the run that waits for it with the one it waits in', async () => {
    bed.engine()
    const [parent, child] = await Promise.all([bed.start(REFUND), bed.start(REFUND)])
    await Promise.all([parent, child].map((id) => bed.until(id, 'WAITING_FOR_REVIEW')))
    await bed.superuser.query('update workflow.runs set parent_run_id = $1 where id = $2', [parent, child])
    await bed.as().runs.cancel(parent, null)
    for (const id of [parent, child]) {
      expect((await bed.as().runs.find(id)).status).toBe('CANCELLED')
      expect((await reviewOf(id)).status).toBe('WITHDRAWN')
    }
    await expect(bed.as().runs.cancel(child, null)).rejects.toEqual(coded('CONFLICT', /already ended/))
  })

  it('tries again from the start without repeating what was done outside', async () => {
    const did: string[] = []
    let broken = true
    bed.engine({
      tools: toolsOf({
        artifact: async () => ({ artifactId: String(did.push('artifact')) }),
        n8n: async () => {
          if (broken) throw Object.assign(new Error('It refused.'), { retryable: false })
          return { status: did.push('n8n') }
        },
      }),
    })
    const id = await bed.start(CARD)
    const failed = await bed.until(id, 'FAILED')
    expect(failed.failure).toMatchObject({ code: 'TOOL', consequence: expect.stringMatching(/^The result was stored/) })
    broken = false
    await bed.as().runs.retry(id, RetryFrom.START)
    await bed.until(id, 'SUCCEEDED')
    expect(did).toEqual(['artifact', 'n8n'])
    const log = await bed.logOf(id)
    expect(log.filter(({ kind, node }) => kind === 'NODE_FINISHED' && node === 'plan')).toHaveLength(2)
    expect(log.map(({ summary }) => summary)).toContain(
      'A person asked to try again from the start; what was done outside already is not repeated.',
    )
  })

  it('asks a question that nobody answered in time again when the run is tried again', async () => {
    bed.engine()
    const id = await bed.start(REFUND)
    await bed.until(id, 'WAITING_FOR_REVIEW')
    await bed.superuser.query(`update workflow.reviews set status = 'EXPIRED' where run_id = $1`, [id])
    await bed.superuser.query(`update workflow.runs set status = 'QUEUED' where id = $1`, [id])
    expect((await bed.until(id, 'FAILED')).failure).toMatchObject({ code: 'TIMEOUT', reason: 'Nobody decided in time.' })
    await bed.as().runs.retry(id)
    await bed.until(id, 'WAITING_FOR_REVIEW')
    expect((await reviewOf(id)).status).toBe('OPEN')
    await approve(id)
    await bed.until(id, 'SUCCEEDED')
  })

  it('tries the run that a failed step waited for again, too', async () => {
    const { runs, tenant, audit } = bed.as()
    const definition = {
      input: { type: 'object' },
      output: { type: 'object' },
      nodes: [{ name: 'sub', kind: 'subworkflow', workflow: 'support-triage', input: { text: 'input.text' } }],
      edges: [
        { from: '__start__', to: 'sub' },
        { from: 'sub', to: '__end__' },
      ],
      result: { action: 'sub.output.action' },
    }
    const { organizationId } = bed
    const shipped = { organizationId, slug: 'outer', name: 'Outer', description: '', definition: definition as never }
    await tenant.transaction((transaction) => publish(transaction, shipped, audit))
    let broken = true
    bed.engine({
      tools: toolsOf({
        artifact: async () => {
          if (broken) throw Object.assign(new Error('No.'), { retryable: false })
          return {}
        },
      }),
    })
    const { run } = await runs.start({ workflow: 'outer', input: { text: CARD } })
    expect((await bed.until(run.id, 'FAILED')).failure!.reason).toMatch(/ended as failed/)
    broken = false
    await runs.retry(run.id)
    expect((await bed.until(run.id, 'SUCCEEDED')).output).toEqual({ action: 'reply' })
  })

  it('runs a request once more with another input, as a run that does not count', async () => {
    bed.engine({ tools: toolsOf({ artifact: () => Promise.reject(Object.assign(new Error('No.'), { retryable: false })) }) })
    const id = await bed.start(CARD)
    await bed.until(id, 'FAILED')
    const { control, failures } = bed.as()
    expect(await failures.groups(null)).toHaveLength(1)
    await expect(control.replay({ runId: id, input: { text: 1 } })).rejects.toEqual(coded('BAD_USER_INPUT'))
    const replay = await control.replay({ runId: id, input: { text: REFUND } })
    expect(replay).toMatchObject({ production: false, forkedFromId: id, input: { text: REFUND }, caseId: id })
    expect(await failures.groups(null)).toHaveLength(0)
    const stranger = bed.as(viewerOf('0190a000-0000-7000-8000-0000000000cc'))
    await expect(stranger.control.replay({ runId: id })).rejects.toEqual(coded('NOT_FOUND'))
  })

  it('branches off twice from one state, and the three end differently', async () => {
    bed.engine()
    const id = await bed.start(REFUND)
    await bed.until(id, 'WAITING_FOR_REVIEW')
    const { control, history, runs } = bed.as()
    const { nodes: saved } = await history.checkpoints(await runs.find(id), 50, null)
    expect(saved.map(({ next }) => next)).toEqual([['review'], ['decide'], ['retrieve'], ['plan'], ['__start__']])
    const checkpointId = saved[0]!.id
    const changed = (reply: string) =>
      control.fork({ runId: id, checkpointId, state: { results: { decide: { reply, personNeeded: 'changed' } } } })
    const forks = [await changed('One.'), await changed('Two.')]
    expect((await bed.logOf(forks[0]!.id))[0]).toMatchObject({ kind: 'FORKED', status: 'QUEUED' })
    for (const fork of forks) await bed.until(fork.id, 'WAITING_FOR_REVIEW')
    for (const one of [id, ...forks.map((fork) => fork.id)]) await approve(one)
    const ended = await Promise.all([id, ...forks.map((fork) => fork.id)].map((one) => bed.until(one, 'SUCCEEDED')))
    expect(ended.map(({ output }) => (output as { reply: string }).reply)).toEqual([
      'About refund request: I want a refund for the second payment',
      'One.',
      'Two.',
    ])
    expect((await control.forks(ended[0]!, null, null)).nodes.map((run) => run.id)).toEqual(forks.map((fork) => fork.id))
    const [last] = (await history.checkpoints(ended[0]!, 1, null)).nodes
    await expect(control.fork({ runId: id, checkpointId: last!.id })).rejects.toEqual(coded('BAD_USER_INPUT', /Nothing follows/))
    await expect(control.fork({ runId: id, checkpointId, state: { visits: {} } })).rejects.toEqual(
      coded('BAD_USER_INPUT', /Only/),
    )
    await expect(control.fork({ runId: id, checkpointId: 'none' })).rejects.toEqual(coded('NOT_FOUND'))
  })

  it('branches off to another version, and says when that one lacks the step that is next', async () => {
    bed.engine()
    const id = await bed.start(REFUND)
    const waiting = await bed.until(id, 'WAITING_FOR_REVIEW')
    const { nodes: saved } = await bed.as().history.checkpoints(waiting, 50, null)
    const { nodes, edges } = supportTriage.definition
    const renamed = (name: string) => (name === 'review' ? 'person' : name)
    const text = (given: unknown) =>
      JSON.parse(JSON.stringify(given).replaceAll(/\breview\b(?=[ .]|\s*[!=]=)/g, 'person')) as never
    await bed.publish({
      ...hasty,
      nodes: text(nodes.map((node) => ({ ...node, name: renamed(node.name) }))),
      edges: text(edges.map((edge) => ({ ...edge, from: renamed(edge.from), to: renamed(edge.to) }))),
      result: text(supportTriage.definition.result),
    })
    const { control, workflows } = bed.as()
    const { nodes: versions } = await workflows.versions((await workflows.byId(waiting.workflowId))!, 1, null)
    const version = versions[0]!.number
    await expect(control.fork({ runId: id, checkpointId: saved[0]!.id, version })).rejects.toEqual(
      coded('BAD_USER_INPUT', /has no step "review"/),
    )
    const before = saved.find(({ next }) => next[0] === 'decide')!
    const fork = await control.fork({ runId: id, checkpointId: before.id, version, state: { input: { text: CARD } } })
    expect(fork.input).toEqual({ text: CARD })
    await bed.until(fork.id, 'WAITING_FOR_REVIEW', 'SUCCEEDED')
    const again = await control.fork({ runId: id, checkpointId: saved.at(-1)!.id, version, state: { input: { text: CARD } } })
    expect((await bed.until(again.id, 'SUCCEEDED')).output).toMatchObject({ intent: 'card_arrival' })
    await bed.publish(hasty)
  })
})

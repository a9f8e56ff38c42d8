import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { viewerOf, WorkflowTestbed } from '../testing/testkit.ts'
import { FencedError, Flusher, type RunFlush } from './flusher.ts'

let bed: WorkflowTestbed
beforeAll(async () => {
  bed = await WorkflowTestbed.create()
})
afterAll(() => bed[Symbol.asyncDispose]())

const told = (summary: string, over: Partial<RunFlush> = {}): RunFlush => ({
  transitions: [{ kind: 'NODE_STARTED', status: 'RUNNING', node: 'one', summary }],
  patch: {},
  checkpoints: [],
  writes: [],
  effects: [],
  review: undefined,
  wait: undefined,
  ...over,
})

const summariesOf = async (runId: string) => (await bed.logOf(runId)).map(({ summary }) => summary)

it('writes together what comes while it writes, and what befalls one run does not befall the others', async () => {
  const runIds = await Promise.all(['first', 'good', 'lost', 'bad', 'last'].map((text) => bed.start(text)))
  const heldBy = (index: number, epoch = 0) => ({ organizationId: bed.organizationId, runId: runIds[index]!, epoch })
  const [first, good, lost, bad, last] = [heldBy(0), heldBy(1), heldBy(2, 7), heldBy(3), heldBy(4)]
  let statements = 0
  const pool = { query: (...given: unknown[]) => ((statements += 1), Reflect.apply(bed.pool.query, bed.pool, given)) }
  const flusher = new Flusher(pool as never)
  const data = Buffer.from('{"v":4}')
  const checkpoint = { namespace: '', id: 'one', parentId: null, step: 0, source: 'loop', type: 'json', metadataType: 'json' }
  const checkpoints = [{ ...checkpoint, data, metadata: Buffer.from('{}') }]

  const alone = await Promise.allSettled([flusher.write(first, told('alone'))])
  expect(statements).toBe(1)
  const results = await Promise.allSettled([
    flusher.write(first, told('before the group')),
    flusher.write(good, told('in the group', { checkpoints })),
    flusher.write(lost, told('under an old epoch')),
    flusher.write(last, told('last of the group', { checkpoints: [{ ...checkpoints[0]!, data: Buffer.from('"last"') }] })),
  ])
  expect([...alone, ...results].map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
  ])
  expect((results[2] as PromiseRejectedResult).reason).toBeInstanceOf(FencedError)
  expect(statements).toBe(3)

  const refused = await Promise.allSettled([
    flusher.write(first, told('before the bad group')),
    flusher.write(good, told('beside the bad one')),
    flusher.write(
      bad,
      told('bad', { effects: [{ task: 't', key: 'k', kind: 'k', state: 'NO SUCH STATE' as never, result: null }] }),
    ),
  ])
  expect(refused.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected'])
  expect((refused[2] as PromiseRejectedResult).reason.message).toMatch(/effects_state_check/)

  const logs = await Promise.all(runIds.map((runId) => summariesOf(runId)))
  expect(logs.map((log) => log.slice(1))).toEqual([
    ['alone', 'before the group', 'before the bad group'],
    ['in the group', 'beside the bad one'],
    [],
    [],
    ['last of the group'],
  ])
  const { rows } = await bed.superuser.query(`select run_id, convert_from(data, 'utf8') as data from checkpoint.checkpoints`)
  expect(Object.fromEntries(rows.map((row) => [row.run_id, row.data]))).toEqual({
    [runIds[1]!]: '{"v":4}',
    [runIds[4]!]: '"last"',
  })
})

it('writes nothing of a run for another organisation', async () => {
  const runId = await bed.start('mine')
  const other = viewerOf(crypto.randomUUID()).organizationId
  await expect(new Flusher(bed.pool).write({ organizationId: other, runId, epoch: 0 }, told('forged'))).rejects.toThrow(
    FencedError,
  )
  expect(await summariesOf(runId)).toHaveLength(1)
})

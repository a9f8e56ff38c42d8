import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startEngine } from './engine.ts'
import { TcpProxy } from '../testing/tcp-proxy.ts'
import { testTools } from '../testing/tools.ts'
import { eventually, log, WorkflowTestbed } from '../testing/testkit.ts'

describe('an outage of the database', () => {
  let bed: WorkflowTestbed
  let proxy: TcpProxy

  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
    proxy = await TcpProxy.to(bed.database.url('workflow_app'))
  })
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]()
    await bed[Symbol.asyncDispose]()
  })

  it('at the start or in the middle of runs costs none of them', async () => {
    const ids = await Promise.all(
      Array.from({ length: 12 }, (_, index) => bed.start(`Where is the card that I ordered, number ${index}?`)),
    )
    const tools = testTools()
    let embedded = 0
    const engine = startEngine({
      databaseUrl: proxy.through(bed.database.url('workflow_app')),
      // The way to the database is cut while the third run is between two of its writes.
      tools: async () => ({ ...tools, embed: async (text) => (++embedded === 3 && (await proxy.cut()), tools.embed(text)) }),
      log,
      concurrency: 4,
      leaseMs: 1_000,
      pollMs: 100,
      drainMs: 1_000,
    })
    await proxy.mend()
    await eventually(async () => expect(embedded).toBeGreaterThanOrEqual(3))
    await proxy.mend()
    for (const id of ids) {
      await bed.until(id, 'SUCCEEDED')
      const seqs = (await bed.logOf(id)).map(({ seq }) => seq)
      expect(seqs).toEqual(seqs.map((_, index) => index + 1))
    }
    await engine[Symbol.asyncDispose]()
  })
})

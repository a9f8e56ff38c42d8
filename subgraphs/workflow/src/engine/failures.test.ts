import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { WorkflowTestbed } from '../testing/testkit.ts'
import { definitionOf, WAYS } from '../testing/failing-workflows.ts'
import { testModel, testTools, toolsOf } from '../testing/tools.ts'

const tools = toolsOf({
  refuses: () => Promise.reject(Object.assign(new Error('It says no.'), { retryable: false })),
  vanishes: () => Promise.reject(Object.assign(new Error('No answer.'), { retryable: true, unknown: true })),
  sleeps: () => new Promise(() => {}),
})

describe('failure reasons', () => {
  let bed: WorkflowTestbed
  const runIds: Record<string, string> = {}
  let lost: string

  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
    const { runs } = bed.as()
    for (const [index, [name, way]] of Object.entries(WAYS).entries()) {
      await bed.publishUnchecked(`way-${index}`, definitionOf(way))
      runIds[name] = (await runs.start({ workflow: `way-${index}`, input: way.input ?? { text: 'hello' } })).run.id
    }
    lost = await bed.start('hello')
    await bed.superuser.query(
      `update workflow.runs set status = 'RUNNING', takeovers = 9, lease_owner = 'gone', lease_until = now() - interval '1 s' where id = $1`,
      [lost],
    )
    bed.engine(
      {
        tools,
        knowledgeBase: async (_organizationId, name) => (name === 'missing' ? null : { id: name, calibration: null }),
        search: () => Promise.reject(new Error('the index is away')),
        modelNamed: (name) => {
          if (name === 'broken') throw new Error('a fault')
          return name === 'works' ? testModel : { ...testModel, decide: () => Promise.reject(new Error('no answer')) }
        },
        embed: testTools().embed,
      },
      { concurrency: 8 },
    )
  }, 60_000)
  afterAll(() => bed[Symbol.asyncDispose]())

  it.each(Object.keys(WAYS))('tells of %s', async (name) => {
    const { code, reason, retryable, consequence = /^Nothing was sent\./ } = WAYS[name]!
    const { failure } = await bed.until(runIds[name]!, 'FAILED')
    expect(failure).toMatchObject({ code, reason: expect.stringMatching(reason), retryable })
    expect(failure!.consequence).toMatch(consequence)
    expect(failure!.advice).toMatch(/\w{3,}\.$/)
    expect(failure!.group).toMatch(/^[0-9a-f]{16}$/)
  })

  it('tells of workers that were all lost', async () => {
    const { failure } = await bed.until(lost, 'FAILED')
    expect(failure).toMatchObject({
      code: 'PLATFORM',
      reason: expect.stringMatching(/^Its worker was lost 10 times/),
      retryable: true,
    })
  })

  it('takes reasons for alike that differ in numbers, ids and quotations only', async () => {
    const groupOf = async (reason: string, code = 'TOOL') => {
      const { rows } = await bed.superuser.query('select workflow.failure_group($1, $2) as id', [
        bed.organizationId,
        { code, node: 'act', reason },
      ])
      return rows[0].id as string
    }
    const one = await groupOf('Ticket 4711 of “Smith” (01a2150b-c06f-71b3-837a-5baa2e382e23) took 1.5 s.')
    expect(await groupOf('Ticket 12 of “Jones” (0190a000-0000-7000-8000-0000000000cc) took 20 s.')).toBe(one)
    expect(await groupOf('Ticket 12 of “Jones” was lost.')).not.toBe(one)
    expect(await groupOf('Ticket 4711 of “Smith” (01a2150b-c06f-71b3-837a-5baa2e382e23) took 1.5 s.', 'MODEL')).not.toBe(one)
  })
})

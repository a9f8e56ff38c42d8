import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { viewerOf, WorkflowTestbed } from '../testing/testkit.ts'
import { runnableDefinitions, runnableInputs } from '../workflows/definition-arbitraries.ts'
import { publish } from '../workflows/publish.ts'

const RUNS = 40

/** Compile and run, on a real engine: whatever the checks let through comes to its end. */
describe('any valid definition', () => {
  let bed: WorkflowTestbed
  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
  })
  afterAll(() => bed[Symbol.asyncDispose]())

  async function start(slug: string, definition: object, input: object): Promise<string> {
    const { organizationId } = bed
    const { tenant, audit, runs } = bed.as(viewerOf(organizationId))
    await tenant.transaction((transaction) =>
      publish(transaction, { organizationId, slug, name: slug, description: slug, definition: definition as never }, audit),
    )
    return (await runs.start({ workflow: slug, input })).run.id
  }

  it('runs to an end within its budgets, with every transition in its place', async () => {
    bed.engine({}, { concurrency: 8 })
    const given = fc.sample(fc.tuple(runnableDefinitions, runnableInputs), { numRuns: RUNS, seed: 7 })
    const ids = await Promise.all(given.map(([definition, input], index) => start(`any-${index}`, definition, input)))
    for (const [index, id] of ids.entries()) {
      const run = await bed.until(id, 'SUCCEEDED', 'FAILED')
      const what = JSON.stringify({ failure: run.failure, definition: given[index] })
      expect({ status: run.status, what }).toMatchObject({ status: 'SUCCEEDED' })
      const log = await bed.logOf(id)
      expect(log.map(({ seq }) => seq)).toEqual(log.map((_, at) => at + 1))
      expect(log.at(-1)).toMatchObject({ kind: 'SUCCEEDED' })
      // A step that began has ended, and none ended that had not begun.
      const count = (kind: string) => log.filter((one) => one.kind === kind).length
      expect(count('NODE_STARTED')).toBe(count('NODE_FINISHED'))
    }
  })
})

import { expect, it } from '@jest/globals'
import { faultsOf, runSeeds } from './crash.ts'

/** Ten seeds of the 200 that `npm run test:crash` runs; a fault names its seed. */
it('loses no run, decision, effect or event whatever is killed, stopped or restarted meanwhile', async () => {
  const seeds = Array.from({ length: 10 }, (_, index) => index + 1)
  const faults: string[] = []
  let done = 0
  await runSeeds(seeds, (report) => {
    done += 1
    for (const fault of faultsOf(report)) faults.push(`npm run test:crash -- --${report.name}: ${fault}`)
  })
  expect(faults).toEqual([])
  expect(done).toBe(seeds.length)
}, 400_000)

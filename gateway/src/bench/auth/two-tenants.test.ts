import { expect, it } from '@jest/globals'
import type { Answer, Person } from './person.ts'
import { interleave, type Tenant } from './two-tenants.ts'

/** Answers with these marks in turn. */
const tenant = (mark: string, answers: string[]): Tenant => {
  let asked = 0
  const ask = async (): Promise<Answer> => ({ status: 200, data: {}, text: `{"name":"${answers[asked++ % answers.length]}"}` })
  return { mark, owner: { ask } as unknown as Person }
}

it('counts every answer that carries the other tenant’s mark, and every one without the own', async () => {
  const honest = await interleave([tenant('red', ['red']), tenant('blue', ['blue'])], 200)
  expect(honest).toMatchObject({ requests: 200, foreign: 0, failed: 0 })
  const leaky = await interleave([tenant('red', ['red', 'red and blue']), tenant('blue', ['blue', 'blue', 'blue', 'red'])], 200)
  expect(leaky).toMatchObject({ requests: 200, foreign: 50 + 25, failed: 25 })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { codesOf, post, until } from './testkit/client.ts'
import { startPlatform, type Platform } from './testkit/platform.ts'

let platform: Platform
let token: string

beforeAll(async () => {
  platform = await startPlatform()
  token = await platform.issuer.sign()
})
afterAll(() => platform[Symbol.asyncDispose]())

const FEDERATED = '{ runs { id status cost { total } startedBy { name } } }'

describe('a federated query', () => {
  it('joins fields of three subgraphs', async () => {
    const { status, body } = await post(platform, FEDERATED, { token })
    expect(status).toBe(200)
    expect(body).toEqual({
      data: {
        runs: [
          { id: 'r1', status: 'RUNNING', cost: { total: 0.01 }, startedBy: { name: 'Ada' } },
          { id: 'r2', status: 'RUNNING', cost: { total: 0.02 }, startedBy: { name: 'Ada' } },
        ],
      },
    })
  })
})

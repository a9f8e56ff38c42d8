import { afterAll, expect, it } from '@jest/globals'
import fastify from 'fastify'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent } from 'undici'
import { healthRoutes } from './readiness.ts'

const waiting: ServerResponse[] = []
let asked = 0
const part = createServer((_request, response) => {
  asked += 1
  waiting.push(response)
}).listen(0, '127.0.0.1')
const agent = new Agent()
const app = fastify()

afterAll(async () => {
  await app.close()
  await agent.close()
  part.close()
})

it('however many ask at once whether all is ready, each part is asked once', async () => {
  await once(part, 'listening')
  const url = `http://127.0.0.1:${(part.address() as AddressInfo).port}/graphql`
  const arrived = Promise.withResolvers<void>()
  let requests = 0
  app.addHook('onRequest', async () => {
    requests += 1
    if (requests === 20) arrived.resolve()
  })
  healthRoutes(app, [{ name: 'workflow', url }], agent)
  const answers = Array.from({ length: 20 }, () => app.inject('/ready'))
  const [first] = await Promise.all([once(part, 'request'), arrived.promise])
  ;(first as unknown as [unknown, ServerResponse])[1].end('{}')
  expect((await Promise.all(answers)).map((answer) => answer.json<unknown>())).toEqual(
    Array(20).fill({ status: 'ok', parts: { workflow: 'ok' } }),
  )
  expect(asked).toBe(1)
  const again = app.inject('/ready')
  await once(part, 'request')
  waiting.at(-1)!.writeHead(503).end('{"parts":{"database":"down"}}')
  expect((await again).json()).toEqual({ status: 'degraded', parts: { workflow: 'down', 'workflow.database': 'down' } })
})

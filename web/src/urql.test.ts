/**
 * @jest-environment jsdom
 * @jest-environment-options {"url": "http://127.0.0.1:21791/"}
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { gql } from 'urql'
import { WebSocketServer, type WebSocket } from 'ws'
import { createGatewayClient } from './urql.ts'

/** Speaks as much of graphql-transport-ws as is needed to cut a subscription in the middle. */
const asked: unknown[] = []
let server: WebSocketServer

beforeAll(async () => {
  server = new WebSocketServer({ port: 21791, host: '127.0.0.1', handleProtocols: () => 'graphql-transport-ws' })
  server.on('connection', (socket) =>
    socket.on('message', (data) => answer(socket, JSON.parse((data as Buffer).toString()) as Message)),
  )
  await new Promise((resolve) => server.once('listening', resolve))
})
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())))

function answer(socket: WebSocket, { type, id, payload }: Message) {
  if (type === 'connection_init') return socket.send(JSON.stringify({ type: 'connection_ack' }))
  if (type !== 'subscribe') return
  const { after } = payload!.variables
  asked.push(after)
  const next = (seq: number) => socket.send(JSON.stringify({ id, type: 'next', payload: { data: { runTransitions: { seq } } } }))
  next(after + 1)
  next(after + 2)
  if (after < 4) socket.close(1012, 'restart')
}

it('resumes a subscription after the last event when the connection is cut', async () => {
  const { client, dispose } = createGatewayClient(() => {})
  const seen: number[] = []
  await new Promise<void>((resolve) => {
    const { unsubscribe } = client
      .subscription<{ runTransitions: { seq: number } }>(SUBSCRIPTION, { after: 0 })
      .subscribe(({ data }) => {
        seen.push(data!.runTransitions.seq)
        if (seen.length === 6) {
          unsubscribe()
          resolve()
        }
      })
  })
  dispose()
  expect(asked).toEqual([0, 2, 4])
  expect(seen).toEqual([1, 2, 3, 4, 5, 6])
})

const SUBSCRIPTION = gql`
  subscription ($after: Int) {
    runTransitions(runId: "r", after: $after) {
      seq
    }
  }
`

interface Message {
  type: string
  id?: string
  payload?: { variables: { after: number } }
}

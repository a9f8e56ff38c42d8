import { afterEach, describe, expect, it } from '@jest/globals'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEgress } from '@signalbox/shared/egress'
import { OpenAiModel } from './openai-model.ts'
import { costOf } from './token-price.ts'

interface Call {
  url: string | undefined
  authorization: string | undefined
  body: {
    model: string
    messages: { role: string; content: string }[]
    response_format?: { type: string; json_schema: { strict: boolean; schema: { properties: { label: { enum: string[] } } } } }
  }
}
type Answer = (call: Call, response: ServerResponse) => void

const evidence = [
  { documentId: '1', title: null, text: 'Where is my card?', score: 0.9, label: 'card_arrival' },
  { documentId: '2', title: 'Prices', text: 'It costs 3 euros.', score: 0.5, label: 'fees' },
]
const request = { text: 'When will my card come?', instructions: 'You sort messages.', evidence, calibration: null }

const completion = (content: string, model = 'gpt-4.1-mini-2025-04-14') => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  model,
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content, refusal: null } }],
  usage: { prompt_tokens: 1_000, completion_tokens: 200, total_tokens: 1_200 },
})
const send = (response: ServerResponse, status: number, body: unknown, headers = {}) =>
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
const decision = JSON.stringify({ label: 'card_arrival', confidence: 0.93, rationale: 'asks for a delivery' })

describe('the model behind the chat completions protocol', () => {
  let server: Server | undefined
  let calls: Call[] = []

  /** A local server that answers the first call by the first function, and so on; the last one answers the rest. */
  async function modelWith(...answers: Answer[]): Promise<OpenAiModel> {
    await stop()
    calls = []
    const handle = (message: IncomingMessage, response: ServerResponse) => {
      const parts: Buffer[] = []
      message.on('data', (part: Buffer) => parts.push(part))
      message.on('end', () => {
        const call = {
          url: message.url,
          authorization: message.headers.authorization,
          body: JSON.parse(Buffer.concat(parts).toString()) as Call['body'],
        }
        calls.push(call)
        answers[Math.min(calls.length, answers.length) - 1]!(call, response)
      })
    }
    server = createServer(handle)
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    return new OpenAiModel({
      baseUrl: `http://127.0.0.1:${port}/v1/`,
      apiKey: 'sk-test',
      model: 'gpt-4.1-mini',
      egress: createEgress({ trustedOrigins: [`http://127.0.0.1:${port}`] }),
      timeoutMs: 300,
    })
  }

  async function stop() {
    server?.closeAllConnections()
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)))
    server = undefined
  }
  afterEach(stop)

  it('asks for one of the labels by a strict schema and counts tokens and cost', async () => {
    const model = await modelWith((_call, response) => send(response, 200, completion(decision)))
    expect(await model.decide(request)).toEqual({
      label: 'card_arrival',
      confidence: 0.93,
      rationale: 'asks for a delivery',
      usage: { model: 'gpt-4.1-mini-2025-04-14', inputTokens: 1_000, outputTokens: 200, costUsd: '0.00072' },
    })
    const [call] = calls
    expect(call).toMatchObject({ url: '/v1/chat/completions', authorization: 'Bearer sk-test', body: { model: 'gpt-4.1-mini' } })
    expect(call!.body.response_format).toMatchObject({ type: 'json_schema', json_schema: { strict: true } })
    expect(call!.body.response_format!.json_schema.schema.properties.label.enum).toEqual(['card_arrival', 'fees'])
    expect(call!.body.messages[0]!.content).toContain('You sort messages.')
    expect(call!.body.messages[1]!.content).toBe('<text>When will my card come?</text>')
  })

  it('drafts free text from the evidence', async () => {
    const model = await modelWith((_call, response) => send(response, 200, completion(' It is on its way. ')))
    expect((await model.draft({ ...request, label: 'card_arrival' })).text).toBe('It is on its way.')
    expect(calls[0]!.body.response_format).toBeUndefined()
    expect(calls[0]!.body.messages[0]!.content).toContain('It costs 3 euros.')
  })

  it('tries once more after 429, 500 and a lost connection, and no more than that', async () => {
    const failures: Answer[] = [
      (_call, response) => send(response, 429, { error: {} }, { 'retry-after': '0.01' }),
      (_call, response) => send(response, 500, { error: {} }),
      (_call, response) => response.destroy(),
    ]
    for (const failure of failures) {
      const model = await modelWith(failure, (_call, response) => send(response, 200, completion(decision)))
      expect((await model.decide(request)).label).toBe('card_arrival')
      expect(calls).toHaveLength(2)
    }
    const model = await modelWith((_call, response) => send(response, 503, {}))
    await expect(model.decide(request)).rejects.toMatchObject({ name: 'ModelError', retryable: true })
    expect(calls).toHaveLength(2)
  })

  it('gives up on a server that never answers, and says that trying later may help', async () => {
    const model = await modelWith(() => {})
    await expect(model.decide(request)).rejects.toMatchObject({
      retryable: true,
      message: "The model's server did not answer within 300 ms.",
    })
    expect(calls).toHaveLength(2)
  })

  it('does not repeat what was refused', async () => {
    const model = await modelWith((_call, response) => send(response, 401, { error: { message: 'bad key sk-test' } }))
    await expect(model.decide(request)).rejects.toMatchObject({ retryable: false, message: "The model's server answered 401." })
    expect(calls).toHaveLength(1)
  })

  it('takes no label that was not offered, and nothing that is no decision', async () => {
    const invented = JSON.stringify({ label: 'pay_everything', confidence: 1, rationale: '' })
    for (const content of [
      invented,
      'Sure! It is card_arrival.',
      JSON.stringify({ label: 'fees', confidence: 7, rationale: '' }),
    ]) {
      const model = await modelWith((_call, response) => send(response, 200, completion(content)))
      await expect(model.decide(request)).rejects.toMatchObject({ name: 'ModelError' })
    }
    const refusing = await modelWith((_call, response) =>
      send(response, 200, { choices: [{ message: { content: null, refusal: 'no' } }] }),
    )
    await expect(refusing.decide(request)).rejects.toMatchObject({ message: 'The model refused to answer.' })
    const other = await modelWith((_call, response) => response.writeHead(200).end('<html>proxy</html>'))
    await expect(other.decide(request)).rejects.toMatchObject({ retryable: false })
  })

  it('asks nobody when there is nothing to choose from', async () => {
    const model = await modelWith((_call, response) => send(response, 500, {}))
    expect(await model.decide({ ...request, evidence: [] })).toMatchObject({ label: '', confidence: 0 })
    expect(calls).toHaveLength(0)
  })

  it('prices by the longest matching name and local models at nothing', () => {
    expect(costOf('gpt-4.1-nano-2025', 1_000_000, 0)).toBe('0.1')
    expect(costOf('gpt-4.1', 500_000, 100_000)).toBe('1.8')
    expect(costOf('gpt-4.1', 0, 0)).toBe('0')
    expect(costOf('llama3', 1_000_000, 1_000_000)).toBe('0')
  })
})

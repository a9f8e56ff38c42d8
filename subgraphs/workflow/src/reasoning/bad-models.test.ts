import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { ServerResponse } from 'node:http'
import { events, json, ModelServerTestkit, stream, whole, type Answer } from './model-server-testkit.ts'
import { PROTOCOLS, type ProtocolName } from './models.ts'
import type { ReasoningModel } from './reasoning-model.ts'

const evidence = [{ documentId: '1', title: null, text: 'Where is my card?', score: 0.9, label: 'fees' }]
const request = { text: 'x', instructions: 'You sort messages.', evidence, calibration: null }
const tools = [
  {
    name: 'refund',
    description: 'Pays back',
    parameters: {
      type: 'object',
      properties: { amount: { type: 'number', maximum: 50 } },
      required: ['amount'],
      additionalProperties: false,
    },
  },
]
const decision = (over: object = {}) => JSON.stringify({ label: 'fees', confidence: 0.9, rationale: 'r', ...over })

type Act = (model: ReasoningModel) => Promise<unknown>
const decide: Act = (model) => model.decide(request)
const draft: Act = (model) => model.draft({ ...request, label: 'fees' })
const preview: Act = (model) => model.draft({ ...request, label: 'fees', onToken: () => {} })
const choose: Act = (model) => model.chooseTool({ ...request, tools })
const extract: Act = (model) => model.extract({ ...request, fields: [{ name: 'total', type: 'number' }] })

const brokenOff = (protocol: ProtocolName) => (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(events[protocol](['It is ']).slice(0, 300), () => response.destroy())
}
const midway = (protocol: ProtocolName) => {
  const text = events[protocol](['It is ', 'WAY'])
  return stream(text.slice(0, text.lastIndexOf('WAY')))
}
const SCHEMA = 'The model’s answer does not follow the schema.'
const LONG = 'The model’s answer is longer than is allowed.'

/** What the model does, what is asked of it, the sentence, whether later may help, and how often it is asked. */
const CASES: [
  name: string,
  answer: (protocol: ProtocolName) => Answer,
  act: Act,
  message: string,
  retryable: boolean,
  calls: number,
][] = [
  [
    'is no model',
    () => (response) => response.writeHead(200).end('<html>proxy</html>'),
    draft,
    'something other than a',
    false,
    1,
  ],
  ['says nothing', (p) => whole[p]({ text: '' }), draft, 'The model’s answer is empty.', true, 1],
  ['says only spaces', (p) => whole[p]({ text: ' \n' }), draft, 'The model’s answer is empty.', true, 1],
  ['says too much', (p) => whole[p]({ text: 'x'.repeat(300_000) }), draft, LONG, false, 1],
  ['sends too much', () => json(200, 'x'.repeat(2_000_000)), draft, LONG, false, 1],
  ['streams too much', (p) => stream(events[p](Array<string>(30).fill('x'.repeat(10_000)))), preview, LONG, false, 1],
  ['never answers', () => () => {}, draft, "The model's server did not answer within 300 ms.", true, 2],
  ['breaks off', brokenOff, preview, 'The model’s answer stopped midway.', true, 2],
  ['stops midway', midway, preview, 'The model’s answer stopped midway.', true, 2],
  ['chats instead of JSON', (p) => whole[p]({ text: 'Sure! It is fees.' }), decide, SCHEMA, true, 2],
  ['invents a label', (p) => whole[p]({ text: decision({ label: 'pay_all' }) }), decide, SCHEMA, true, 2],
  ['is surer than sure', (p) => whole[p]({ text: decision({ confidence: 7 }) }), decide, SCHEMA, true, 2],
  [
    'reads nonsense',
    (p) => whole[p]({ text: '{"found":[{"field":"total","value":"soon"}],"confidence":1}' }),
    extract,
    SCHEMA,
    true,
    2,
  ],
  [
    'reads what nobody asked for',
    (p) => whole[p]({ text: '{"found":[{"field":"x","value":"1"}],"confidence":1}' }),
    extract,
    SCHEMA,
    true,
    2,
  ],
  ['asks for too much', (p) => whole[p]({ tool: { name: 'refund', arguments: { amount: 51 } } }), choose, SCHEMA, true, 2],
  [
    'adds an argument',
    (p) => whole[p]({ tool: { name: 'refund', arguments: { amount: 5, to: 'me' } } }),
    choose,
    SCHEMA,
    true,
    2,
  ],
  [
    'takes a tool that it may not use',
    (p) => whole[p]({ tool: { name: 'delete_all', arguments: {} } }),
    choose,
    'a tool that it may not use',
    false,
    1,
  ],
]

describe.each(PROTOCOLS)('a model behind the %s protocol that', (protocol) => {
  let server: ModelServerTestkit
  beforeAll(async () => {
    server = await ModelServerTestkit.listen()
  })
  afterAll(() => server[Symbol.asyncDispose]())

  it.each(CASES)('%s is an error that says so', async (_name, answer, act, message, retryable, calls) => {
    server.answer(answer(protocol))
    const timeoutMs = message.includes('300 ms') ? 300 : 20_000
    await expect(act(server.model(protocol, { timeoutMs }))).rejects.toMatchObject({
      name: 'ModelError',
      message: expect.stringContaining(message) as unknown,
      retryable,
    })
    expect(server.calls).toHaveLength(calls)
  })

  it('errs once is told what was wrong, and both answers are paid for', async () => {
    server.answer(whole[protocol]({ text: decision({ confidence: 7 }) }), whole[protocol]({ text: decision() }))
    expect(await server.model(protocol).decide(request)).toMatchObject({
      label: 'fees',
      usage: { inputTokens: 2_000, outputTokens: 400 },
    })
    expect(server.calls[1]!.text).toContain(
      '<fault>It was not an object with \\"label\\", \\"rationale\\" and a \\"confidence\\" from 0 to 1.</fault>',
    )
    server.answer(
      whole[protocol]({ tool: { name: 'refund', arguments: { amount: 51 } } }),
      whole[protocol]({ tool: { name: 'refund', arguments: { amount: 50 } } }),
    )
    expect(await server.model(protocol).chooseTool({ ...request, tools })).toMatchObject({
      tool: 'refund',
      arguments: { amount: 50 },
    })
    expect(server.calls[1]!.text).toContain('<fault>The arguments of the tool did not fit: /amount must be &lt;= 50</fault>')
  })

  it('refuses is not asked again', async () => {
    const refusal = {
      openai: { choices: [{ message: { content: null, refusal: 'no' } }] },
      anthropic: { type: 'message', model: 'm', content: [], stop_reason: 'refusal', usage: {} },
    }
    server.answer(json(200, refusal[protocol]))
    await expect(server.model(protocol).decide(request)).rejects.toMatchObject({
      message: 'The model refused to answer.',
      retryable: false,
    })
    expect(server.calls).toHaveLength(1)
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { events, json, ModelServerTestkit, stream, whole } from './model-server-testkit.ts'

const evidence = [{ documentId: '1', title: null, text: 'Where is my card?', score: 0.9, label: 'card_arrival' }]
const request = { text: 'When will my card come?', instructions: 'You sort messages.', evidence, calibration: null }
const decision = { label: 'card_arrival', confidence: 0.93, rationale: 'asks for a delivery' }
const tools = [{ name: 'cancel', description: 'Cancels an order', parameters: { type: 'object', properties: {} } }]

describe('the model behind the messages protocol', () => {
  let server: ModelServerTestkit
  beforeAll(async () => {
    server = await ModelServerTestkit.listen()
  })
  afterAll(() => server[Symbol.asyncDispose]())

  it('asks for one of the labels by a schema and counts what was cached', async () => {
    server.answer(whole.anthropic({ text: JSON.stringify(decision) }))
    expect(await server.model('anthropic').decide(request)).toEqual({
      ...decision,
      usage: {
        model: 'claude-haiku-4-5-20251001',
        inputTokens: 1_000,
        cachedInputTokens: 300,
        outputTokens: 200,
        // 600 plain at $1, 300 read from the cache at $0.10, 100 written to it at $1.25, 200 out at $5, a million each
        costUsd: '0.001755',
        priced: true,
      },
    })
    const [call] = server.calls
    expect(call).toMatchObject({
      url: '/v1/messages',
      headers: { 'x-api-key': 'sk-test', 'anthropic-version': '2023-06-01' },
      body: { model: 'claude-haiku-4-5', messages: [{ role: 'user' }], output_config: { format: { type: 'json_schema' } } },
    })
    expect(call!.body.output_config!.format.schema.properties['label']!.enum).toEqual(['card_arrival'])
    expect(call!.body.system).toMatch(/^You sort messages\.\n\n/)
  })

  it('forces a tool where the server knows no schemas, and from then on at once', async () => {
    const unknown = json(400, {
      type: 'error',
      error: { type: 'invalid_request_error', message: 'output_config: not permitted' },
    })
    const forced = whole.anthropic({ tool: { name: 'decision', arguments: decision } })
    server.answer(unknown, forced)
    const model = server.model('anthropic')
    expect(await model.decide(request)).toMatchObject(decision)
    expect(server.calls[1]!.body).toMatchObject({
      tools: [{ name: 'decision' }],
      tool_choice: { type: 'tool', name: 'decision' },
    })
    server.answer(forced)
    expect(await model.decide(request)).toMatchObject(decision)
    expect(server.calls).toMatchObject([{ body: { tool_choice: { type: 'tool' } } }])
    server.answer(unknown)
    await expect(server.model('anthropic').decide(request)).rejects.toMatchObject({
      message: "The model's server answered 400 (invalid_request_error).",
      misconfigured: true,
    })
  })

  it('streams a draft as it is written, and hides what the model thinks', async () => {
    const thought =
      'event: content_block_delta\r\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}\r\n\r\n'
    server.answer(stream(`: hello\n\n${thought}${events.anthropic(['It is ', 'on its wäy.'])}`))
    const shown: string[] = []
    const drafted = await server
      .model('anthropic')
      .draft({ ...request, label: 'card_arrival', onToken: (text) => shown.push(text) })
    expect(shown).toEqual(['It is ', 'on its wäy.'])
    expect(drafted).toMatchObject({
      text: 'It is on its wäy.',
      usage: { model: 'claude-haiku-4-5-20251001', inputTokens: 1_000, outputTokens: 200 },
    })
  })

  it('lets the model choose a tool, or none', async () => {
    server.answer(
      whole.anthropic({ text: 'It asks for it.', tool: { name: 'cancel', arguments: {} } }),
      whole.anthropic({ text: 'No.' }),
    )
    const model = server.model('anthropic')
    expect(await model.chooseTool({ ...request, tools })).toMatchObject({
      tool: 'cancel',
      arguments: {},
      rationale: 'It asks for it.',
    })
    expect(server.calls[0]!.body).toMatchObject({
      tools: [{ name: 'cancel', input_schema: { type: 'object' } }],
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    })
    expect(await model.chooseTool({ ...request, tools })).toMatchObject({ tool: null, rationale: 'No.' })
  })

  it('tries once more when the server is overloaded, asked or in the midst of a stream', async () => {
    const overloaded = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }
    server.answer(json(529, overloaded, { 'retry-after': '0' }), whole.anthropic({ text: 'Done.' }))
    expect((await server.model('anthropic').draft({ ...request, label: 'x' })).text).toBe('Done.')
    const begun = events.anthropic(['It is ', 'never finished']).split('event: content_block_stop')[0]!
    server.answer(
      stream(`${begun}event: error\ndata: ${JSON.stringify(overloaded)}\n\n`),
      whole.anthropic({ text: 'It is done.' }),
    )
    const shown: string[] = []
    const drafted = await server.model('anthropic').draft({ ...request, label: 'x', onToken: (text) => shown.push(text) })
    expect(drafted.text).toBe('It is done.')
    expect(shown).toEqual(['It is ', 'never finished'])
    expect(server.calls.map(({ body }) => body.stream)).toEqual([true, true])
  })
})

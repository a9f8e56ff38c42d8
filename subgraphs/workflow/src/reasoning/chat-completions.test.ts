import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { events, json, ModelServerTestkit, stream, whole, type Answer } from './model-server-testkit.ts'

const evidence = [
  { documentId: '1', title: null, text: 'Where is my card?', score: 0.9, label: 'card_arrival' },
  { documentId: '2', title: 'Prices', text: 'It costs 3 euros.', score: 0.5, label: 'fees' },
]
const request = { text: 'When will my card come?', instructions: 'You sort messages.', evidence, calibration: null }
const decision = JSON.stringify({ label: 'card_arrival', confidence: 0.93, rationale: 'asks for a delivery' })
const decided = whole.openai({ text: decision })

describe('the model behind the chat completions protocol', () => {
  let server: ModelServerTestkit
  beforeAll(async () => {
    server = await ModelServerTestkit.listen()
  })
  afterAll(() => server[Symbol.asyncDispose]())

  it('asks for one of the labels by a strict schema and counts tokens and cost', async () => {
    server.answer(decided)
    expect(await server.model('openai').decide(request)).toEqual({
      label: 'card_arrival',
      confidence: 0.93,
      rationale: 'asks for a delivery',
      usage: {
        model: 'gpt-4.1-mini-2025-04-14',
        inputTokens: 1_000,
        cachedInputTokens: 400,
        outputTokens: 200,
        costUsd: '0.0006',
        priced: true,
      },
    })
    const [call] = server.calls
    expect(call).toMatchObject({
      url: '/v1/chat/completions',
      headers: { authorization: 'Bearer sk-test' },
      body: { model: 'gpt-4.1-mini', response_format: { type: 'json_schema', json_schema: { strict: true } } },
    })
    expect(call!.body.response_format!.json_schema.schema.properties['label']!.enum).toEqual(['card_arrival', 'fees'])
    expect(call!.body.messages[0]!.content).toMatch(/^You sort messages\.\n\n/)
    expect(call!.body.messages[1]!.content).toMatch(/<text>When will my card come\?<\/text>$/)
  })

  it('drafts free text from the evidence', async () => {
    server.answer(whole.openai({ text: ' It is on its way. ' }))
    expect((await server.model('openai').draft({ ...request, label: 'card_arrival' })).text).toBe('It is on its way.')
    expect(server.calls[0]!.body.response_format).toBeUndefined()
    expect(server.calls[0]!.body.messages[1]!.content).toContain('It costs 3 euros.')
  })

  it('streams a draft as it is written, and of a decision what a person would read', async () => {
    server.answer(
      stream(events.openai(['It is ', 'on its wäy', ' 🚚.'])),
      stream(events.openai(['{"label":"fees","rationale":"it ', 'says \\"fee', '\\"","confidence":0.5}'])),
    )
    const shown: string[] = []
    const onToken = (text: string) => shown.push(text)
    const drafted = await server.model('openai').draft({ ...request, label: 'card_arrival', onToken })
    expect(shown).toEqual(['It is ', 'on its wäy', ' 🚚.'])
    expect(drafted).toMatchObject({
      text: 'It is on its wäy 🚚.',
      usage: { inputTokens: 1_000, cachedInputTokens: 400, outputTokens: 200 },
    })
    expect(server.calls[0]!.body).toMatchObject({ stream: true, stream_options: { include_usage: true } })
    shown.length = 0
    expect(await server.model('openai').decide({ ...request, onToken })).toMatchObject({
      label: 'fees',
      rationale: 'it says "fee"',
    })
    expect(shown.join('')).toBe('it says "fee"')
    server.answer(whole.openai({ text: 'A server that does not stream.' }))
    expect((await server.model('openai').draft({ ...request, label: 'fees', onToken })).text).toBe(
      'A server that does not stream.',
    )
  })

  it('extracts fields by a schema and brings each value to its type', async () => {
    const found = Object.entries({ 'Order no.': ' 4711 ', total: '1.234', gross: 'EUR 1.234,50', due: '3.4.2026', paid: '' }).map(
      ([field, value]) => ({ field, value }),
    )
    server.answer(whole.openai({ text: `\`\`\`json\n${JSON.stringify({ found, confidence: 0.8 })}\n\`\`\`` }))
    const fields = [
      { name: 'Order no.', type: 'text' as const },
      { name: 'total', type: 'number' as const },
      { name: 'gross', type: 'number' as const },
      { name: 'due', type: 'date' as const },
      { name: 'paid', type: 'boolean' as const, required: true },
    ]
    expect(await server.model('openai').extract({ text: 'x', instructions: '', fields })).toMatchObject({
      values: { 'Order no.': '4711', total: 1.234, gross: 1234.5, due: '2026-04-03', paid: null },
      confidence: 0.8,
      missing: ['paid'],
    })
  })

  it('chooses a tool under its own name, with arguments that fit', async () => {
    const parameters = {
      type: 'object',
      properties: { id: { type: 'string', pattern: '^[A-Z]' }, to: { type: 'string', pattern: 'z$' } },
      required: ['id'],
    }
    const tools = [
      { name: 'orders.cancel', description: 'Cancels an order', parameters },
      { name: 'refund', description: 'Pays back', parameters },
    ]
    server.answer(whole.openai({ text: 'It asks for it.', tool: { name: 'orders_cancel', arguments: { id: 'A1', to: 'xyz' } } }))
    const model = server.model('openai')
    expect(await model.chooseTool({ ...request, tools })).toMatchObject({
      tool: 'orders.cancel',
      arguments: { id: 'A1', to: 'xyz' },
      rationale: 'It asks for it.',
    })
    const [tool] = server.calls[0]!.body.tools!
    expect(tool).toEqual({ type: 'function', function: { name: 'orders_cancel', description: 'Cancels an order', parameters } })
    for (const wrong of [{ id: 'a1' }, { id: 'A1', to: 'xyq' }]) {
      server.answer(whole.openai({ tool: { name: 'orders_cancel', arguments: wrong } }))
      await expect(model.chooseTool({ ...request, tools })).rejects.toMatchObject({ name: 'ModelError' })
    }
    server.answer(whole.openai({ text: 'Nothing fits.' }))
    expect(await model.chooseTool({ ...request, tools })).toMatchObject({ tool: null, arguments: {}, rationale: 'Nothing fits.' })
  })

  it('tries once more after 429, 500 and a lost connection, and no more than that', async () => {
    const failures: Answer[] = [
      json(429, { error: {} }, { 'retry-after': '0.01' }),
      json(500, { error: {} }, { 'retry-after-ms': '1' }),
      (response) => response.destroy(),
    ]
    for (const failure of failures) {
      server.answer(failure, decided)
      expect((await server.model('openai').decide(request)).label).toBe('card_arrival')
      expect(server.calls).toHaveLength(2)
    }
    server.answer(json(503, {}, { 'retry-after': '0' }))
    await expect(server.model('openai').decide(request)).rejects.toMatchObject({ name: 'ModelError', retryable: true })
    expect(server.calls).toHaveLength(2)
  })

  it('does not wait longer than a run may: it says how long the server asks for', async () => {
    server.answer(json(429, { error: { code: 'rate_limit_exceeded' } }, { 'retry-after': '60' }))
    await expect(server.model('openai').decide(request)).rejects.toMatchObject({
      retryable: true,
      retryAfterMs: 60_000,
      message: "The model's server answered 429 (rate_limit_exceeded).",
    })
    expect(server.calls).toHaveLength(1)
  })

  it('does not repeat what was refused, and repeats no secret', async () => {
    server.answer(json(401, { error: { message: 'bad key sk-test' } }))
    await expect(server.model('openai').decide(request)).rejects.toMatchObject({
      retryable: false,
      misconfigured: true,
      message: "The model's server answered 401.",
    })
    expect(server.calls).toHaveLength(1)
  })

  it('ends with the reason of its signal and is not repeated', async () => {
    for (const attempts of [1, 2]) {
      const giveUp = new AbortController()
      server.answer(() => giveUp.abort(new Error('the run was cancelled')))
      const call = server.model('openai', { timeoutMs: 60_000, attempts }).decide({ ...request, signal: giveUp.signal })
      await expect(call).rejects.toThrow('the run was cancelled')
      expect(server.calls).toHaveLength(1)
    }
  })

  it('asks nobody when there is nothing to choose from', async () => {
    server.answer(json(500, {}))
    const model = server.model('openai')
    expect(await model.decide({ ...request, evidence: [] })).toMatchObject({ label: '', confidence: 0 })
    expect(await model.chooseTool({ ...request, tools: [] })).toMatchObject({ tool: null })
    expect(await model.extract({ ...request, fields: [] })).toMatchObject({ values: {} })
    expect(server.calls).toHaveLength(0)
  })
})

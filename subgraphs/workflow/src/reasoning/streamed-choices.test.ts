import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { events, json, ModelServerTestkit, stream } from './model-server-testkit.ts'
import { PROTOCOLS } from './models.ts'

const evidence = [{ documentId: '1', title: null, text: 'Where is my card?', score: 0.9, label: 'fees' }]
const request = { text: 'x', instructions: '', evidence, calibration: null }
const parameters = { type: 'object', properties: { amount: { type: 'number' } }, required: ['amount'] }
const tools = [{ name: 'refund', description: 'Pays back', parameters }]

describe.each(PROTOCOLS)('a choice that comes as a stream of the %s protocol', (protocol) => {
  let server: ModelServerTestkit
  const shown: string[] = []
  const onToken = (text: string) => shown.push(text)
  beforeAll(async () => {
    server = await ModelServerTestkit.listen()
  })
  afterAll(() => server[Symbol.asyncDispose]())

  it('shows the reason and puts the arguments together', async () => {
    shown.length = 0
    server.answer(stream(events[protocol](['It asks ', 'for it.'], { name: 'refund', pieces: ['{"amo', 'unt":', '12.5}'] })))
    expect(await server.model(protocol).chooseTool({ ...request, tools, onToken })).toMatchObject({
      tool: 'refund',
      arguments: { amount: 12.5 },
      rationale: 'It asks for it.',
      usage: { inputTokens: 1_000, outputTokens: 200 },
    })
    expect(shown).toEqual(['It asks ', 'for it.'])
  })

  it('is an error when its JSON is broken or its tool was not offered', async () => {
    const model = server.model(protocol)
    server.answer(stream(events[protocol]([], { name: 'refund', pieces: ['{"amount":'] })))
    await expect(model.chooseTool({ ...request, tools, onToken })).rejects.toMatchObject({
      retryable: true,
      message: 'The model’s answer does not follow the schema.',
    })
    server.answer(stream(events[protocol]([], { name: 'delete_all', pieces: ['{}'] })))
    await expect(model.chooseTool({ ...request, tools, onToken })).rejects.toMatchObject({ retryable: false })
    expect(server.calls).toHaveLength(1)
  })
})

describe('a decision by a forced tool', () => {
  let server: ModelServerTestkit
  beforeAll(async () => {
    server = await ModelServerTestkit.listen()
  })
  afterAll(() => server[Symbol.asyncDispose]())

  it('shows its rationale too', async () => {
    const pieces = ['{"label":"fees","confidence":0.9,"ratio', 'nale":"it asks\\u0020', 'what it costs"}']
    server.answer(json(400, {}), stream(events.anthropic([], { name: 'decision', pieces })))
    const shown: string[] = []
    const decided = await server.model('anthropic').decide({ ...request, onToken: (text) => shown.push(text) })
    expect(decided).toMatchObject({ label: 'fees', confidence: 0.9, rationale: 'it asks what it costs' })
    expect(shown).toEqual(['it asks ', 'what it costs'])
  })
})

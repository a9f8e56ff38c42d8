import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createLogger } from '@signalbox/shared/logger'
import { json, ModelServerTestkit, stream, events, whole } from './model-server-testkit.ts'
import { modelFor, modelNameFault, type ModelSource } from './models.ts'
import { OfflineModel } from './offline-model.ts'

const evidence = [{ documentId: '1', title: null, text: 'Where is my card?', score: 0.9, label: 'fees' }]
const request = { text: 'x', instructions: '', evidence, calibration: null }
const decision = whole.anthropic({ text: JSON.stringify({ label: 'fees', confidence: 0.9, rationale: 'It fits.' }) })

describe('a chain of models', () => {
  let first: ModelServerTestkit
  let second: ModelServerTestkit
  let source: ModelSource
  const lines: string[] = []
  const log = createLogger('test', 'warn', { write: (line: string) => void lines.push(line) })
  beforeAll(async () => {
    first = await ModelServerTestkit.listen()
    second = await ModelServerTestkit.listen()
    source = {
      default: new OfflineModel(),
      remote: (protocol, model) =>
        protocol === 'openai' ? first.model(protocol, { model, attempts: 1 }) : second.model(protocol, { model, attempts: 1 }),
    }
  })
  beforeEach(() => {
    lines.length = 0
    second.answer(decision)
  })
  afterAll(async () => {
    await first[Symbol.asyncDispose]()
    await second[Symbol.asyncDispose]()
  })
  const chain = () => modelFor('openai:gpt-5 > anthropic:claude-haiku-4-5 > offline', source, log)

  it('asks the next one when one is down or wrongly set up, and says so', async () => {
    for (const [status, sentence] of [
      [503, 'answered 503'],
      [401, 'answered 401'],
      [404, 'answered 404'],
    ] as const) {
      first.answer(json(status, {}))
      const answer = await chain().decide(request)
      expect(answer).toMatchObject({ label: 'fees', usage: { model: 'claude-haiku-4-5-20251001' } })
      expect(answer.rationale).toBe(
        `It fits. (Answered by claude-haiku-4-5, because gpt-5 failed: The model's server ${sentence}.)`,
      )
    }
    expect(lines).toHaveLength(3)
    expect(JSON.parse(lines[0]!)).toMatchObject({
      model: 'gpt-5',
      next: 'claude-haiku-4-5',
      msg: 'a model failed; the next one of the chain is asked',
    })
    first.answer(json(503, {}))
    second.answer(json(529, {}))
    expect((await chain().draft({ ...request, label: 'fees' })).usage.model).toBe('offline')
  })

  it('says nothing where the first one answers', async () => {
    first.answer(whole.openai({ text: JSON.stringify({ label: 'fees', confidence: 0.9, rationale: 'It fits.' }) }))
    expect((await chain().decide(request)).rationale).toBe('It fits.')
    expect([second.calls, lines]).toEqual([[], []])
  })

  it('asks nobody else after a refusal, a tool that may not be used, or when it was given up', async () => {
    first.answer(json(200, { choices: [{ message: { content: null, refusal: 'no' } }] }))
    await expect(chain().decide(request)).rejects.toThrow('The model refused to answer.')
    first.answer(whole.openai({ tool: { name: 'delete_all', arguments: {} } }))
    const tools = [{ name: 'refund', description: 'Pays back', parameters: { type: 'object' } }]
    await expect(chain().chooseTool({ ...request, tools })).rejects.toThrow('a tool that it may not use')
    const giveUp = new AbortController()
    first.answer((response, call) => {
      giveUp.abort(new Error('cancelled'))
      json(503, {})(response, call)
    })
    await expect(chain().decide({ ...request, signal: giveUp.signal })).rejects.toThrow('cancelled')
    expect(second.calls).toEqual([])
  })

  it('previews one model only', async () => {
    const text = events.openai(['Half', ' REST'])
    first.answer(stream(text.slice(0, text.lastIndexOf('REST'))))
    second.answer(stream(events.anthropic(['All ', 'of it'])))
    const shown: string[] = []
    expect((await chain().draft({ ...request, label: 'fees', onToken: (piece) => shown.push(piece) })).text).toBe('All of it')
    expect(shown).toEqual(['Half'])
  })

  it('goes on from a connection that is missing; alone, that is an error', async () => {
    const bare = { ...source, remote: () => null }
    expect((await modelFor('openai:gpt-5 > default', bare, log).decide(request)).usage.model).toBe('offline')
    await expect(modelFor('openai:gpt-5', bare, log).decide(request)).rejects.toMatchObject({
      message: 'No connection for "openai" models is set up.',
      retryable: false,
    })
  })

  it('knows which names are none', () => {
    for (const name of ['default', 'offline', 'openai:gpt-5', 'openai:llama3:8b', 'anthropic:claude-opus-5-5 > default>offline'])
      expect(modelNameFault(name)).toBeNull()
    for (const name of ['', 'gpt-5', 'openai:', 'openai:two words', 'mistral:x', 'default >', 'default,offline'])
      expect(modelNameFault(name)).toMatch(/^There is no model /)
    expect(modelNameFault(Array(6).fill('offline').join('>'))).toBe('A chain has at most 5 models.')
    expect(() => modelFor('gpt-5', source, log)).toThrow('There is no model "gpt-5"')
  })
})

import { describe, expect, it } from '@jest/globals'
import type { Calibration } from '../knowledge/calibration.ts'
import { createEgress } from '@signalbox/shared/egress'
import { operatorModels, type ReasoningEnv } from './models.ts'
import { OfflineModel } from './offline-model.ts'
import { RemoteModel } from './remote-model.ts'

const model = new OfflineModel()
const hit = (label: string | null, score: number, text = `about ${label}`, title: string | null = null) => ({
  documentId: text,
  title,
  text,
  score,
  label,
})
const calibration: Calibration = {
  threshold: 0.8,
  targetPrecision: 0.95,
  accuracy: 0.9,
  coverage: 0.8,
  precision: 0.96,
  n: 500,
  curve: [
    { score: 0.3, probability: 0.4 },
    { score: 0.9, probability: 0.97 },
  ],
  calibratedAt: new Date(),
}

describe('the offline model', () => {
  it('decides as the nearest examples did, and says what it is', async () => {
    const evidence = [hit('card_arrival', 0.9), hit('card_arrival', 0.85), hit('fees', 0.5)]
    const decision = await model.decide({ text: 'x', instructions: '', evidence, calibration })
    expect(decision).toMatchObject({
      label: 'card_arrival',
      usage: { model: 'offline', inputTokens: 0, outputTokens: 0, costUsd: '0' },
    })
    expect(decision.confidence).toBeGreaterThan(0.95)
    expect(decision.rationale).toMatch(/^Offline model: 2 of the 3 nearest examples say “card_arrival”/)
  })

  it('is never sure without evidence or without a calibration', async () => {
    expect(await model.decide({ text: 'x', instructions: '', evidence: [hit(null, 0.9)], calibration })).toMatchObject({
      label: '',
      confidence: 0,
    })
    const uncalibrated = await model.decide({ text: 'x', instructions: '', evidence: [hit('a', 0.99)], calibration: null })
    expect(uncalibrated.confidence).toBeLessThanOrEqual(0.5)
    expect(uncalibrated.rationale).toContain('not calibrated')
  })

  it('drafts by quoting, an article before an example', async () => {
    const example = hit('fees', 0.9, 'What does it cost?')
    const article = hit('fees', 0.7, 'The account costs 3 euros a month. '.repeat(30), 'Prices')
    const draft = (evidence: (typeof example)[]) => model.draft({ text: 'x', label: 'fees', instructions: '', evidence })
    expect((await draft([example, article])).text).toMatch(
      /^Draft by the offline model, .* Topic: fees\.\nPrices: The account costs 3 euros a month\./,
    )
    expect((await draft([example, article])).text.length).toBeLessThan(520)
    expect((await draft([example])).text).toContain('“What does it cost?”')
    expect((await draft([])).text).toContain('Topic: fees')
  })

  it('extracts by patterns, else from behind a name, and says how sure that is', async () => {
    const text = 'Rechnung RE-2026-17\nInvoice date: 25.11.2026\n  Total due : EUR 1.234,56\nPaid: no\nRef. 0815'
    const fields = [
      { name: 'number', type: 'text' as const, pattern: 'RE-\\d{4}-(\\d+)' },
      { name: 'invoiceDate', type: 'date' as const },
      { name: 'total_due', type: 'number' as const },
      { name: 'paid', type: 'boolean' as const, required: true },
      { name: 'reference', type: 'text' as const, pattern: 'Ref\\. \\d+' },
      { name: 'customer', type: 'text' as const, required: true },
      { name: 'note', type: 'text' as const },
    ]
    const found = await model.extract({ text, instructions: '', fields })
    expect(found).toMatchObject({
      values: {
        number: '17',
        invoiceDate: '2026-11-25',
        total_due: 1234.56,
        paid: false,
        reference: 'Ref. 0815',
        customer: null,
        note: null,
      },
      missing: ['customer'],
      usage: { model: 'offline', priced: true },
    })
    expect(found.confidence).toBeCloseTo((0.95 * 2 + 0.7 * 3) / 6)
    expect(await model.extract({ text: '', instructions: '', fields: [fields[0]!] })).toMatchObject({
      confidence: 0,
      missing: [],
    })
  })

  it('cannot be held up by a pattern, and names one that is none', async () => {
    const fields = [{ name: 'evil', type: 'text' as const, pattern: '^(a+)+$' }]
    expect((await model.extract({ text: `${'a'.repeat(100_000)}!`, instructions: '', fields })).values).toEqual({ evil: null })
    const broken = model.extract({ text: 'x', instructions: '', fields: [{ name: 'evil', type: 'text', pattern: '(' }] })
    await expect(broken).rejects.toMatchObject({
      name: 'ModelError',
      retryable: false,
      message: expect.stringContaining('"evil"') as unknown,
    })
  })

  it('chooses the tool whose description is nearest, or says why none', async () => {
    const order = { type: 'object', properties: { order_id: { type: 'string', pattern: '^A' } }, required: ['order_id'] }
    const tools = [
      { name: 'cancel_order', description: 'Cancels an order that was not shipped', parameters: order },
      { name: 'book_meeting', description: 'Books a meeting with the sales team', parameters: { type: 'object' } },
    ]
    const choose = (text: string) => model.chooseTool({ text, instructions: '', tools, evidence: [] })
    expect(await choose('Please cancel my order\nOrder id: A17')).toMatchObject({
      tool: 'cancel_order',
      arguments: { order_id: 'A17' },
      rationale: 'Offline model: the description of “cancel_order” is nearest to the text (cancel, order).',
    })
    expect((await choose('A meeting with sales please')).tool).toBe('book_meeting')
    for (const text of ['Cancel my order', 'Cancel my order\nOrder id: B17'])
      expect(await choose(text)).toMatchObject({
        tool: null,
        rationale: expect.stringContaining('does not say what it needs') as unknown,
      })
    expect(await choose('What is the weather like?')).toMatchObject({ tool: null, arguments: {} })
    const twins = tools.map((tool) => ({
      ...tool,
      name: `${tool.name[0]}`,
      description: 'Cancels',
      parameters: { type: 'object' },
    }))
    expect((await model.chooseTool({ text: 'cancel', instructions: '', tools: twins, evidence: [] })).rationale).toContain(
      'equally near',
    )
    const wrong = [{ name: 'x', description: 'x', parameters: { type: 'nonsense' } }]
    await expect(model.chooseTool({ text: 'x', instructions: '', tools: wrong, evidence: [] })).rejects.toMatchObject({
      retryable: false,
    })
  })

  it('is the default; a key or an address chooses the other', () => {
    const egress = createEgress()
    const chosen = (env: ReasoningEnv) => operatorModels(env, egress).default
    expect(chosen({})).toBeInstanceOf(OfflineModel)
    expect(chosen({ OPENAI_API_KEY: 'k' })).toBeInstanceOf(RemoteModel)
    expect(chosen({ OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1', OPENAI_MODEL: 'llama3' }).name).toBe('llama3')
    expect(chosen({ ANTHROPIC_API_KEY: 'k' }).name).toBe('claude-haiku-4-5')
    expect(chosen({ ANTHROPIC_API_KEY: 'k', OPENAI_API_KEY: 'k' }).name).toBe('gpt-4.1-mini')
  })
})

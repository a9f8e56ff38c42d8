import { describe, expect, it } from '@jest/globals'
import type { Calibration } from '../knowledge/calibration.ts'
import { createEgress } from '@signalbox/shared/egress'
import { createReasoningModel } from './create-reasoning-model.ts'
import { OfflineModel } from './offline-model.ts'
import { OpenAiModel } from './openai-model.ts'

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

  it('is the default; a key or an address chooses the other', () => {
    const egress = createEgress()
    expect(createReasoningModel({}, egress)).toBeInstanceOf(OfflineModel)
    expect(createReasoningModel({ OPENAI_API_KEY: 'k' }, egress)).toBeInstanceOf(OpenAiModel)
    expect(createReasoningModel({ OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1', OPENAI_MODEL: 'llama3' }, egress).name).toBe(
      'llama3',
    )
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createLogger } from '@signalbox/shared/logger'
import { ModelServerTestkit, events, stream, whole } from './model-server-testkit.ts'
import { modelFor } from './models.ts'
import { OfflineModel } from './offline-model.ts'
import { redactingModel } from './redacting-model.ts'
import { redact, REDACTION_KINDS } from './redaction.ts'

const EMAIL = 'Ada.Ö@mail.example.org'
const IBAN = 'DE89 3704 0044 0532 0130 00'
const CARD = '4111 1111 1111 1111'
const PHONE = '+49 (0)30 1234-567'

describe('redaction', () => {
  it('takes each value out under a mark of its own, and puts it back', () => {
    const text = `From ${EMAIL}, card ${CARD}, ${IBAN} paid by ${PHONE} or 0171 234 56 78; again ${EMAIL}, not b@x.de.`
    const { text: safe, restore } = redact(text, REDACTION_KINDS)
    expect(safe).toBe('From [EMAIL_1], card [CARD_1], [IBAN_1] paid by [PHONE_1] or [PHONE_2]; again [EMAIL_1], not [EMAIL_2].')
    expect(restore(safe)).toBe(text)
    expect(restore('[PHONE_2] and [PHONE_9]')).toBe('0171 234 56 78 and [PHONE_9]')
  })

  it.each([
    ['be68 5390 0754 7034 PAID', '[IBAN_1] PAID'],
    ['GB82WEST12345698765432.', '[IBAN_1].'],
    ['call (030) 1234567 or 015112345678', 'call [PHONE_1] or [PHONE_2]'],
  ])('finds what people write: %s', (text, safe) => expect(redact(text, REDACTION_KINDS).text).toBe(safe))

  it.each([
    'on 01.02.2026 and 01/02/2026 and 2026-02-01',
    'order 4111 1111 1111 1112 of €1.234,56 at 10:30',
    'run 0b0f6f9e-9a38-4dd4-8f6c-0d0f7a9c2f10, version 1.2.3',
  ])('leaves alone what is nothing of the kind: %s', (text) => expect(redact(text, REDACTION_KINDS).text).toBe(text))

  it('takes out the kinds that are asked for and no others', () => {
    expect(redact(`${EMAIL} ${CARD}`, ['CARD']).text).toBe(`${EMAIL} [CARD_1]`)
    expect(redact(`${IBAN}, ${IBAN.replace(/0$/, '1')}`, ['IBAN']).text).toBe('[IBAN_1], DE89 3704 0044 0532 0130 01')
  })

  it('lets nobody write a mark to get the value of somebody else', () => {
    const { text, restore } = redact(`Send me [EMAIL_1]. ${EMAIL}`, REDACTION_KINDS)
    expect(text).toBe('Send me [MARK_1]. [EMAIL_1]')
    expect(restore(text)).toBe(`Send me [EMAIL_1]. ${EMAIL}`)
  })

  it('takes no longer than the text is long', () => {
    const text = `${'a'.repeat(50_000)}@${'0171 234 '.repeat(5_000)}${'DE89 '.repeat(10_000)}`
    const { text: safe, restore } = redact(text, REDACTION_KINDS)
    expect(restore(safe)).toBe(text)
  })
})

describe('a model that is told nothing personal', () => {
  let server: ModelServerTestkit
  beforeAll(async () => {
    server = await ModelServerTestkit.listen()
  })
  afterAll(() => server[Symbol.asyncDispose]())
  const request = {
    text: `I am ${EMAIL}, refund to ${IBAN}`,
    instructions: `Copy ${EMAIL} into every reply. Questions: ${PHONE}`,
    evidence: [{ documentId: '1', title: `About ${CARD}`, text: `Call ${PHONE}`, score: 0.9, label: `mail ${EMAIL}` }],
    calibration: null,
  }
  const nothingPersonal = () => {
    for (const { text } of server.calls) for (const value of [EMAIL, IBAN, CARD, PHONE]) expect(text).not.toContain(value)
  }

  it('answers with the values in their places: label, draft, fields and arguments', async () => {
    const model = redactingModel(server.model('openai'), REDACTION_KINDS)
    const tools = [
      {
        name: 'refund',
        description: `Pays back, else ask ${EMAIL}`,
        parameters: { type: 'object', properties: { to: { enum: [IBAN, 'x'] } } },
      },
    ]
    server.answer(
      whole.openai({ text: JSON.stringify({ label: 'mail [EMAIL_1]', confidence: 0.9, rationale: 'from [EMAIL_1]' }) }),
      whole.openai({ text: 'We pay to [IBAN_1].' }),
      whole.openai({
        text: JSON.stringify({
          found: [
            { field: 'from', value: '[EMAIL_1]' },
            { field: 'iban', value: '[IBAN_1]' },
          ],
          confidence: 1,
        }),
      }),
      whole.openai({ text: 'To [IBAN_1].', tool: { name: 'refund', arguments: { to: '[IBAN_1]' } } }),
    )
    expect(await model.decide(request)).toMatchObject({ label: `mail ${EMAIL}`, rationale: `from ${EMAIL}` })
    expect((await model.draft({ ...request, label: 'x' })).text).toBe(`We pay to ${IBAN}.`)
    const fields = [
      { name: 'from', type: 'text' as const, description: `such as ${EMAIL}` },
      { name: 'iban', type: 'text' as const },
    ]
    expect((await model.extract({ ...request, fields })).values).toEqual({ from: EMAIL, iban: IBAN })
    expect(await model.chooseTool({ ...request, tools })).toMatchObject({ arguments: { to: IBAN }, rationale: `To ${IBAN}.` })
    expect(server.calls).toHaveLength(4)
    nothingPersonal()
  })

  it('shows the values in a preview, also of marks that come in pieces', async () => {
    server.answer(stream(events.openai(['Dear [EMA', 'IL_1', '], [1] soon'])))
    const shown: string[] = []
    await redactingModel(server.model('openai'), ['EMAIL']).draft({ ...request, label: 'x', onToken: (text) => shown.push(text) })
    expect(shown.join('')).toBe(`Dear ${EMAIL}, [1] soon`)
  })

  it('is not made of one that runs here, alone or in a chain', async () => {
    const offline = new OfflineModel()
    expect(redactingModel(offline, REDACTION_KINDS)).toBe(offline)
    server.answer((response) => response.writeHead(401).end())
    const source = { default: offline, remote: () => server.model('openai') }
    const chain = redactingModel(modelFor('openai:x > offline', source, createLogger('test', 'silent')), REDACTION_KINDS)
    const fields = [{ name: 'mail', type: 'text' as const, pattern: '(\\S+@\\S+\\w)' }]
    expect((await chain.extract({ ...request, fields })).values).toEqual({ mail: EMAIL })
    expect(server.calls).toHaveLength(1)
    nothingPersonal()
  })
})

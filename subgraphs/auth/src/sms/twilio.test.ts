import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createEgress, type Egress } from '@signalbox/shared/egress'
import { pino } from 'pino'
import { TWILIO_ACCOUNT, twilioError, TwilioServer } from '../testing/twilio-server.ts'
import { maskPhone, parsePhoneNumber } from './phone-number.ts'
import { twilioEnv, twilioSettings } from './twilio-settings.ts'
import { Twilio, type TwilioOptions } from './twilio.ts'
import { z } from 'zod'

const TO = '+41791234567'

describe('Twilio', () => {
  let server: TwilioServer
  let egress: Egress
  let logged: string[]
  beforeAll(async () => {
    server = await new TwilioServer().open()
    egress = createEgress({ trustedOrigins: [server.url] })
  })
  afterAll(async () => {
    await egress[Symbol.asyncDispose]()
    await server.close()
  })
  beforeEach(() => {
    server.requests.length = 0
    logged = []
  })

  const twilio = (options: Partial<TwilioOptions> = {}) =>
    new Twilio({
      baseUrl: server.url,
      accountSid: TWILIO_ACCOUNT.sid,
      authToken: TWILIO_ACCOUNT.token,
      sender: { from: '+15005550006' },
      egress,
      log: pino({}, { write: (line: string) => void logged.push(line) }),
      ...options,
    })

  it('is asked as its documentation says', async () => {
    await twilio().send(TO, 'Grüezi & 123456')
    expect(server.requests).toEqual([
      {
        method: 'POST',
        url: `/2010-04-01/Accounts/${TWILIO_ACCOUNT.sid}/Messages.json`,
        headers: expect.objectContaining({
          'content-type': 'application/x-www-form-urlencoded',
          authorization: `Basic ${Buffer.from(`${TWILIO_ACCOUNT.sid}:${TWILIO_ACCOUNT.token}`).toString('base64')}`,
        }),
        form: { To: TO, From: '+15005550006', Body: 'Grüezi & 123456' },
      },
    ])
  })

  it('is asked for a messaging service where there is one', async () => {
    await twilio({ baseUrl: `${server.url}/`, sender: { messagingServiceSid: 'MG1' } }).send(TO, 'x')
    expect(server.requests[0]).toMatchObject({
      url: `/2010-04-01/Accounts/${TWILIO_ACCOUNT.sid}/Messages.json`,
      form: { To: TO, MessagingServiceSid: 'MG1', Body: 'x' },
    })
    expect(server.requests[0]!.form).not.toHaveProperty('From')
  })

  it('refuses a number for good, which is no outage', async () => {
    server.replies.push(twilioError(400, 21211, `The 'To' number ${TO} is not a valid phone number.`))
    const sms = twilio()
    await expect(sms.send(TO, 'x')).rejects.toMatchObject({
      name: 'UndeliverableError',
      message: 'Twilio refused the message: HTTP 400, error 21211',
    })
    await sms.verify()
  })

  it('asks to wait', async () => {
    server.replies.push(twilioError(429, 20429, 'Too many requests', { 'retry-after': '7' }))
    server.replies.push(twilioError(429, 20429, 'Too many requests'))
    server.replies.push(twilioError(429, 20429, 'Too many requests', { 'retry-after': '86400' }))
    const sms = twilio()
    for (const retryAfterMs of [7_000, 5_000, 300_000]) {
      await expect(sms.send(TO, 'x')).rejects.toMatchObject({ name: 'DeferredError', retryAfterMs })
    }
    await sms.verify()
  })

  it.each([
    ['does not let us in', twilioError(401, 20003, 'Authenticate'), 'Twilio failed: HTTP 401, error 20003'],
    ['is broken', twilioError(500, 20500, 'Internal error'), 'Twilio failed: HTTP 500, error 20500'],
    ['answers with something else', (response: { end(text: string): void }) => response.end('<html>'), 'Twilio failed: HTTP 200'],
  ])('counts as down while it %s, until it takes a message', async (_name, reply, message) => {
    server.replies.push(reply)
    const sms = twilio()
    await expect(sms.send(TO, 'x')).rejects.toThrow(message)
    await expect(sms.verify()).rejects.toMatchObject({ extensions: { code: 'UNAVAILABLE', service: 'sms' } })
    await sms.send(TO, 'x')
    await sms.verify()
  })

  it('says to the operator which settings are wrong, without the number, and without them', async () => {
    server.replies.push(twilioError(401, 20003, `Authenticate ${TO}`))
    await expect(twilio().send(TO, 'x')).rejects.toThrow()
    expect(logged.join()).toContain('check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN')
    expect(logged.join()).not.toMatch(new RegExp(`79123|${TWILIO_ACCOUNT.token}`))
  })

  it('is not waited for when it hangs, nor when nobody is there', async () => {
    server.replies.push(() => {})
    const hanging = twilio({ timeoutMs: 100 })
    await expect(hanging.send(TO, 'x')).rejects.toThrow()
    await expect(hanging.verify()).rejects.toMatchObject({ extensions: { code: 'UNAVAILABLE' } })
    const gone = await new TwilioServer().open()
    const { url } = gone
    await gone.close()
    const out = createEgress({ trustedOrigins: [url] })
    await expect(twilio({ baseUrl: url, egress: out }).send(TO, 'x')).rejects.toThrow()
    await out[Symbol.asyncDispose]()
  })

  it('is not followed to another place, to which its secrets would go', async () => {
    server.replies.push((response) => void response.writeHead(307, { location: `${server.url}/elsewhere` }).end())
    await expect(twilio().send(TO, 'x')).rejects.toThrow('HTTP 307')
    expect(server.requests).toHaveLength(1)
  })
})

describe('the settings of SMS', () => {
  const read = (env: Record<string, string>) => twilioSettings(z.object(twilioEnv).parse(env))
  const sid = TWILIO_ACCOUNT.sid

  it('are all there or none', () => {
    expect(read({})).toBeNull()
    expect(read({ TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: 't', TWILIO_FROM: 'Signalbox' })).toEqual({
      baseUrl: 'https://api.twilio.com',
      accountSid: sid,
      authToken: 't',
      sender: { from: 'Signalbox' },
    })
    const service = `MG${'a'.repeat(32)}`
    for (const env of [
      { TWILIO_ACCOUNT_SID: sid },
      { TWILIO_FROM: '+41791234567' },
      { TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: 't' },
      { TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: 't', TWILIO_FROM: 'Signalbox', TWILIO_MESSAGING_SERVICE_SID: service },
    ]) {
      expect(() => read(env as Record<string, string>)).toThrow('SMS wants TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and either')
    }
  })

  it.each([
    ['TWILIO_ACCOUNT_SID', 'AC123'],
    ['TWILIO_FROM', 'a sender with too many letters'],
    ['TWILIO_FROM', '079 123 45 67'],
    ['TWILIO_BASE_URL', 'ftp://example.com'],
  ])('refuse %s=%s', (name, value) => expect(() => read({ [name]: value })).toThrow(name))
})

describe('a phone number', () => {
  it.each([
    ['+41791234567', TO],
    [' +41 79 123-45-67 ', TO],
    ['+4915112345678', '+4915112345678'],
  ])('%p is %s', (text, number) => expect(parsePhoneNumber(text, 'phone')).toBe(number))

  it.each([
    '',
    '0791234567',
    '0041791234567',
    '+041791234567',
    '+41 (0)79 123 45 67',
    '+4179',
    `+${'1'.repeat(16)}`,
    '+41791234567;ext=1',
    '+41٧٩١٢٣٤٥٦٧',
    'call me',
  ])('%p is none', (text) =>
    expect(() => parsePhoneNumber(text, 'phone')).toThrow(
      expect.objectContaining({
        message: 'This is not a phone number with its country code, such as +41791234567.',
        extensions: {
          code: 'BAD_USER_INPUT',
          fields: [{ path: 'phone', message: 'must be a phone number with its country code: +41791234567' }],
        },
      }),
    ),
  )

  it('is masked but for its country and its end', () => expect(maskPhone(TO)).toBe('+41•••••••67'))
})

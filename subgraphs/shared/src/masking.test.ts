import { describe, expect, it } from '@jest/globals'
import { createLogger } from './logger.ts'
import { maskText, maskValue, MAX_MASKED_LENGTH, networkOf } from './masking.ts'

const JWT = 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTkwYTAwMCIsIm9yZyI6IjEifQ.MEUCIQDx-signature_part'

const MASKED: [what: string, text: string, masked: string][] = [
  ['an e-mail address', 'mail to owner@harbour.example failed', 'mail to [e-mail] failed'],
  ['an e-mail address with a tag', 'rita.o’hara rita+signalbox@mail.harbour.example.', 'rita.o’hara [e-mail].'],
  ['an international e-mail address', 'für jörg@bücher.example', 'für [e-mail]'],
  ['an address between brackets', '550 5.1.1 <rita@harbour.example>: no such user', '550 5.1.1 <[e-mail]>: no such user'],
  ['a phone number after E.164', 'SMS for +4930901820 refused', 'SMS for [phone] refused'],
  ['a phone number with spaces', 'call +49 (30) 901 820-0 now', 'call [phone] now'],
  ['an American phone number', 'call 415-555-2671 or (415) 555-2671', 'call [phone] or [phone]'],
  ['a national phone number', 'call 0171 1234567', 'call [phone]'],
  ['a number after the word', 'phone: 5552671', 'phone: [phone]'],
  ['a JWT', `token ${JWT} refused`, 'token [token] refused'],
  ['a bearer credential', `Authorization: Bearer ${JWT}`, 'Authorization: Bearer [token]'],
  ['an opaque bearer credential', 'authorization: bearer 7f3c9a1b55', 'authorization: bearer [credential]'],
  ['a basic credential', 'Basic bjhuOnMzY3JldA== was sent', 'Basic [credential] was sent'],
  ['a cookie header', 'Cookie: __Host-session=abc; theme=dark', 'Cookie: [cookie]'],
  ['a cookie of ours anywhere', 'saw __Host-signalbox_refresh=Zm9vYmFy;', 'saw __Host-signalbox_refresh=[cookie];'],
  [
    'an address with credentials',
    'postgres://auth_app:s3cr3t@127.0.0.1:5432/signalbox',
    'postgres://[credential]@127.0.0.1:5432/signalbox',
  ],
  ['a user in an address', 'smtp://apikey@smtp.example:587', 'smtp://[credential]@smtp.example:587'],
  ['a secret in a query', 'GET /oidc/cb?code=SplxlOBeZQQYbYS6WxSbIA&scope=x', 'GET /oidc/cb?code=[secret]&scope=x'],
  ['a signature in a query', 'https://s3.example/a?X-Amz-Signature=deadbeef01', 'https://s3.example/a?X-Amz-Signature=[secret]'],
  ['a secret that is named', 'client_secret=9f8e7d6c5b4a rejected', 'client_secret=[secret] rejected'],
  ['a secret in JSON', '{"password":"hunter2!","user":1}', '{"password":"[secret]","user":1}'],
  ['a one-time code', 'Your code is 493027.', 'Your code is [code].'],
  ['a one-time code in two halves', 'sign-in code: 493 027', 'sign-in code: [code]'],
  ['an IBAN', 'pay to DE89 3704 0044 0532 0130 00 today', 'pay to [iban] today'],
  ['an IBAN without spaces', 'GB29NWBK60161331926819', '[iban]'],
  ['a card number', 'card 4111 1111 1111 1111 declined', 'card [card] declined'],
  ['a card number of 15 digits', '378282246310005', '[card]'],
  ['an IPv4 address', 'from 203.0.113.77 port 443', 'from 203.0.113.0/24 port 443'],
  ['an IPv6 address', 'from 2001:db8:85a3::8a2e:370:7334', 'from 2001:db8:85a3::/48'],
  ['an address in a stack', 'Error: no\n    at mail (rita@harbour.example:1:2)', 'Error: no\n    at mail ([e-mail]:1:2)'],
]

const LEFT: [what: string, text: string][] = [
  ['a UUID', 'run 0190a000-0000-7000-8000-00000000f002'],
  ['a UUID of digits only', 'run 44444444-4444-4444-8444-444444444444'],
  ['a SHA-256 hash', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
  ['a hash of digits', '4111111111111111411111111111111141111111111111114111111111111111'],
  ['a time', '2026-11-23T09:15:00.123Z and 2026-11-23 09:15:00+02:00'],
  ['milliseconds since the epoch', 'at 1795425300123'],
  ['nanoseconds since the epoch', '1795425300123456789'],
  ['a number of sixteen digits that is no card', 'id 4111111111111112'],
  ['a sequence number', 'seq 493027, position 100000000'],
  ['a duration', '493027 ms in 12:34:56'],
  ['an error code', 'code ECONNREFUSED, SQLSTATE 57P01, code 40001'],
  ['a package in a stack', 'at /app/node_modules/@mikro-orm/core/index.js:1203:17'],
  ['a package and its version', 'pino@10.4.0'],
  ['SQL', 'select events.audit(?::uuid, ?::jsonb)'],
  ['an address of this machine', 'connect ECONNREFUSED 127.0.0.1:5432 and ::1'],
  ['plain words', 'The basic plan: a bearer of news had no token at hand.'],
  ['a URL', 'https://signalbox.example/runs?filter=OPEN&first=25'],
  ['a version', 'v24.1.0'],
  ['an amount', 'cost 0.000412 usd, 12,345,678.90'],
  ['something that starts like an IBAN', 'AB12 CDEF 3456 GHIJ 7890'],
]

describe('masking', () => {
  it.each(MASKED)('masks %s', (_what, text, masked) => expect(maskText(text)).toBe(masked))
  it.each(LEFT)('leaves %s', (_what, text) => expect(maskText(text)).toBe(text))

  it('is done once: what is masked stays as it is', () => {
    for (const [, , masked] of MASKED) expect(maskText(masked)).toBe(masked)
  })

  it('takes out whole what stands under a telling name, however deep', () => {
    expect(
      maskValue({ a: [{ password: 'x', email: 'not an address', code: '493027', seq: 493027 }], code: 'ECONNRESET' }),
    ).toEqual({
      a: [{ password: '[secret]', email: '[personal]', code: '[code]', seq: 493027 }],
      code: 'ECONNRESET',
    })
  })

  it('cuts what is too long', () => {
    expect(maskText('x'.repeat(MAX_MASKED_LENGTH + 5))).toMatch(/^x+… \[5 more\]$/)
  })

  it('needs no more steps for input made to keep it busy', () => {
    const units = [
      'a',
      '0',
      ' 0',
      '4 ',
      'eyJ',
      'eyJa.',
      '@a.',
      'a@',
      '::',
      ':0',
      '1.',
      '+1',
      'code ',
      'code=',
      '://',
      '://a:',
      '?code=',
      'AA00 ',
      'bearer ',
      'cookie=',
      '-',
      '.',
      '(01)',
      'token',
      '"',
    ]
    const timeOf = (length: number) => {
      const texts = units.map((unit) => unit.repeat(length / unit.length))
      const started = process.cpuUsage()
      texts.forEach(maskText)
      return process.cpuUsage(started).user
    }
    timeOf(1_000)
    // A pattern that backtracks would take 256 times as long, or for ever.
    expect(timeOf(16_000)).toBeLessThan(64 * Math.max(timeOf(1_000), 5_000))
  })

  it('knows the network of an address', () => {
    expect(['203.0.113.77', '::ffff:203.0.113.77', '2001:db8::1', 'nobody'].map(networkOf)).toEqual([
      '203.0.113.0/24',
      '203.0.113.0/24',
      '2001:db8:0::/48',
      null,
    ])
  })
})

describe('a log line', () => {
  function logged(write: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown> {
    const lines: string[] = []
    write(createLogger('test', 'info', { write: (line) => void lines.push(line) }))
    expect(lines).toHaveLength(1)
    return JSON.parse(lines[0]!) as Record<string, unknown>
  }

  it('is masked in its message, its fields and the bindings of a child', () => {
    const line = logged((log) =>
      log.child({ who: 'rita@harbour.example' }).info({ a: { b: ['+4930901820'] } }, 'for %s', 'olga@harbour.example'),
    )
    expect(line).toMatchObject({ service: 'test', who: '[e-mail]', a: { b: ['[phone]'] }, msg: 'for [e-mail]' })
  })

  it('is masked in the message, the stack and the causes of an error', () => {
    const cause = new Error(`refused ${JWT}`)
    const line = logged((log) => log.error({ err: new Error('mail to rita@harbour.example', { cause }) }, 'failed'))
    expect(JSON.stringify(line)).not.toMatch(/rita|eyJ/)
    expect((line['err'] as { message: string }).message).toBe('mail to [e-mail]: refused [token]')
  })

  it('keeps its numbers and ids', () => {
    const fields = { runId: '0190a000-0000-7000-8000-00000000f002', seq: 493027, ms: 4111111111111111, err: undefined }
    expect(logged((log) => log.info(fields, 'run resumed'))).toMatchObject({
      runId: fields.runId,
      seq: 493027,
      ms: 4111111111111111,
    })
  })
})

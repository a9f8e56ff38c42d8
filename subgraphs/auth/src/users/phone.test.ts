import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DEMO } from '@signalbox/shared/demo'
import { createLogger } from '@signalbox/shared/logger'
import { Mailer } from '../mail/mailer.ts'
import { Notices } from '../mail/notices.ts'
import { AuthFixture, freePort, type Credentials } from '../testing/auth-fixture.ts'
import { twilioError, TwilioServer } from '../testing/twilio-server.ts'

const LONG_AGO = 'Sign in again to change your phone: that is asked for when the last sign-in is more than 15 minutes ago.'
const PHONE = '+41791234567'
const UNKNOWN = '+41791230000'
const REQUEST = 'mutation ($phone: String!) { requestPhoneCode(input: { phone: $phone }) { challengeId expiresAt } }'
const CONFIRM =
  'mutation ($challengeId: ID!, $code: String!) { confirmPhone(input: { challengeId: $challengeId, code: $code }) { user { id phone } } }'
const REMOVE = 'mutation { removePhone { user { phone } } }'
const NOTICE = /phone number/
const refusal = { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'code' }] } }

describe('a phone number', () => {
  let twilio: TwilioServer
  let auth: AuthFixture
  let owner: Credentials
  beforeAll(async () => {
    twilio = await new TwilioServer().open()
    auth = await AuthFixture.start({ env: twilio.env })
    owner = await auth.tokenOf(DEMO.users.owner)
  })
  afterAll(async () => {
    await auth[Symbol.asyncDispose]()
    await twilio.close()
  })

  const request = async (phone: string, who: Credentials) =>
    (await auth.graphql(REQUEST, { phone }, who)).data.requestPhoneCode.challengeId as string
  const confirm = async (phone: string, who: Credentials) =>
    auth.graphql(CONFIRM, { challengeId: await request(phone, who), code: await twilio.takeCode(phone) }, who)

  it('becomes one’s own by the code that is sent to it', async () => {
    expect((await auth.graphql('{ signInChannels }')).data).toEqual({ signInChannels: ['EMAIL', 'SMS'] })
    const answer = await confirm(PHONE, owner)
    expect(answer).toMatchObject({ errors: [], data: { confirmPhone: { user: { phone: PHONE } } } })
  })

  it('is told of to the account’s address, by its end only, with what to do if that was somebody else', async () => {
    const { subject, text, html } = await auth.inbox.take(DEMO.users.owner, NOTICE)
    expect(subject).toBe('A phone number can now sign in to your Signalbox account')
    expect(text).toContain(`A phone number ending in 67 can now be used to sign in to Signalbox as ${DEMO.users.owner}.\n`)
    expect(text).toContain(
      'If that was not you, sign in and remove it, and end your sessions: http://signalbox.example:4000/settings\n',
    )
    expect(text).not.toContain('34567')
    expect(html).toBe(false)
  })

  it('in another’s place is told of together with the former one', async () => {
    const viewer = await auth.tokenOf(DEMO.users.viewer)
    for (const phone of ['+41791230011', '+41791230022']) expect((await confirm(phone, viewer)).errors).toEqual([])
    await auth.inbox.take(DEMO.users.viewer, NOTICE)
    const { text } = await auth.inbox.take(DEMO.users.viewer, NOTICE)
    expect(text).toMatch(/number ending in 22 can now be used[^]*number ending in 11 can no longer be used/)
  })

  it('is changed within 15 minutes after signing in only; a renewed session is as old as its sign-in', async () => {
    const { accessToken, refreshToken } = await auth.signIn(DEMO.users.reviewer)
    const who = { token: accessToken }
    const age = (minutes: number) =>
      auth.superuser.query(
        `update auth.sessions set created_at = now() - make_interval(mins => $1)
         where user_id = (select id from auth.users where email = $2)`,
        [minutes, DEMO.users.reviewer],
      )
    const answer = { challengeId: await request(UNKNOWN, who), code: await twilio.takeCode(UNKNOWN) }
    await age(16)
    const renewed = await auth.graphql('mutation { refreshSession { viewer { role } } }', {}, { refresh: refreshToken })
    if (renewed.session === null || renewed.session === 'none') throw new Error('no session was handed out')
    for (const token of [accessToken, renewed.session.accessToken]) {
      for (const mutation of [REQUEST, CONFIRM, REMOVE]) {
        const { data, errors } = await auth.graphql(mutation, { phone: UNKNOWN, ...answer }, { token })
        expect({ data, errors }).toMatchObject({ data: null, errors: [{ message: LONG_AGO, extensions: { code: 'FORBIDDEN' } }] })
      }
    }
    expect(twilio.requests).toEqual([])
    await age(14)
    expect((await auth.graphql(CONFIRM, answer, who)).data).toMatchObject({ confirmPhone: { user: { phone: UNKNOWN } } })
    expect((await auth.graphql(REMOVE, {}, who)).errors).toEqual([])
  })

  it('is shown to others masked, to administrators as well', async () => {
    const query = '{ organizations { members { nodes { user { displayName phone } } } } }'
    for (const address of [DEMO.users.viewer, DEMO.users.admin]) {
      const { data } = await auth.graphql(query, {}, await auth.tokenOf(address))
      expect(JSON.stringify(data)).toContain('{"displayName":"Oskar Owner","phone":"+41•••••••67"}')
      expect(JSON.stringify(data)).not.toContain(PHONE)
    }
  })

  it('signs its owner in', async () => {
    const { data } = await auth.requestOtp('+41 79 123 45 67', 'SMS')
    const text = await twilio.take(PHONE)
    expect(text).toMatch(
      /^(\d{6}) is your Signalbox code\. It works once, for 5 minutes, at signalbox\.example:4000 only\. Never tell it to anybody\.\n\n@signalbox\.example #\1$/,
    )
    expect(text.length).toBeLessThanOrEqual(160)
    const signedIn = await auth.verifyOtp(data.requestOtp.challengeId, text.slice(0, 6), 'actor { ... on User { email phone } }')
    expect(signedIn.data.verifyOtp.viewer.actor).toEqual({ email: DEMO.users.owner, phone: PHONE })
    expect(signedIn.session).not.toBeNull()
  })

  it('that nobody has is answered alike, and gets no SMS', async () => {
    const [known, unknown] = [await auth.requestOtp(PHONE, 'SMS'), await auth.requestOtp(UNKNOWN, 'SMS')]
    await twilio.take(PHONE)
    const shape = ({ status, errors, data }: typeof known) => ({ status, errors, lengths: JSON.stringify(data).length })
    expect(shape(unknown)).toEqual(shape(known))
    expect((await auth.verifyOtp(unknown.data.requestOtp.challengeId, '123456')).errors).toMatchObject([refusal])
    expect(twilio.requests).toEqual([])
  })

  it('code is for one purpose and one person only', async () => {
    const other = await auth.tokenOf(DEMO.users.viewer)
    const mine = { challengeId: await request(UNKNOWN, owner), code: await twilio.takeCode(UNKNOWN) }
    expect((await auth.graphql(CONFIRM, mine, other)).errors).toMatchObject([refusal])
    expect((await auth.verifyOtp(mine.challengeId, mine.code)).errors).toMatchObject([refusal])
    const signIn = await auth.requestOtp(PHONE, 'SMS')
    const code = await twilio.takeCode(PHONE)
    expect((await auth.graphql(CONFIRM, { challengeId: signIn.data.requestOtp.challengeId, code }, owner)).errors).toMatchObject([
      refusal,
    ])
    expect((await auth.graphql(CONFIRM, mine, { ...owner, browser: 'z'.repeat(43) })).errors).toMatchObject([refusal])
  })

  it('of somebody else is refused to whoever can read its messages', async () => {
    const answer = await confirm(PHONE, await auth.tokenOf(DEMO.users.viewer))
    expect(answer.errors).toMatchObject([
      { message: 'Another account signs in with this number. Remove it there first.', extensions: { code: 'CONFLICT' } },
    ])
  })

  it.each(['', '0791234567', 'home'])('is not %p', async (phone) => {
    expect((await auth.graphql(REQUEST, { phone }, owner)).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'phone' }] } },
    ])
  })

  it('is set and removed by people who are signed in', async () => {
    for (const query of [REQUEST, CONFIRM, REMOVE]) {
      const { status, errors } = await auth.graphql(query, { phone: PHONE, challengeId: '1', code: '1' })
      expect({ status, code: errors[0]?.extensions.code }).toEqual({ status: 401, code: 'UNAUTHENTICATED' })
    }
  })

  it('that Twilio refuses gets no second try; an outage is said alike until it is over', async () => {
    twilio.requests.length = 0
    twilio.replies.push(twilioError(400, 21211, 'not a number'))
    await auth.requestOtp(PHONE, 'SMS')
    await twilio.take(PHONE)
    const gone = async () => (await auth.superuser.query('select from auth.outgoing_codes')).rowCount === 0
    while (!(await gone())) await new Promise((resolve) => setTimeout(resolve, 20))
    expect(twilio.requests).toEqual([])
    twilio.replies.push(twilioError(500, 20500, 'broken'))
    const { data } = await auth.requestOtp(PHONE, 'SMS')
    await twilio.take(PHONE)
    for (const number of [PHONE, UNKNOWN]) {
      expect((await auth.requestOtp(number, 'SMS')).errors[0]?.extensions).toEqual({ code: 'UNAVAILABLE', service: 'sms' })
    }
    const code = await twilio.takeCode(PHONE)
    expect((await auth.verifyOtp(data.requestOtp.challengeId, code)).session).not.toBeNull()
  })

  it('is changed while no mail can be sent; the notice comes as soon as one can', async () => {
    const admin = await auth.tokenOf(DEMO.users.admin)
    await auth.inbox.close()
    expect((await confirm('+41791230033', admin)).errors).toEqual([])
    expect((await auth.graphql(REMOVE, {}, admin)).errors).toEqual([])
    await auth.inbox.open()
    const texts = [await auth.inbox.take(DEMO.users.admin, NOTICE), await auth.inbox.take(DEMO.users.admin, NOTICE)].map(
      ({ text }) => text,
    )
    expect(texts.toSorted((a, b) => String(a).localeCompare(String(b)))).toEqual([
      expect.stringContaining('ending in 33 can now be used'),
      expect.stringContaining('ending in 33 can no longer be used'),
    ])
  })

  it('notice that cannot be sent is logged, without the address', async () => {
    const lines: string[] = []
    const log = createLogger('auth', 'info', { write: (line) => void lines.push(line) })
    const mailer = new Mailer({ url: `smtp://127.0.0.1:${await freePort()}`, from: 'signalbox@example.com', log })
    const notices = new Notices(mailer, log)
    notices.post('phone.confirmed', { to: 'person@example.com', subject: 'A notice', text: 'Something changed.' })
    await notices[Symbol.asyncDispose]()
    await mailer[Symbol.asyncDispose]()
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      {
        msg: 'a notice was not sent',
        about: 'phone.confirmed',
        attempt: 1,
        isFinal: true,
        reason: expect.stringContaining('ESOCKET'),
      },
    ])
    expect(lines.join()).not.toContain('person')
  })

  it('works no more once it is removed', async () => {
    expect((await auth.graphql(REMOVE, {}, owner)).data).toEqual({ removePhone: { user: { phone: null } } })
    const { subject, text } = await auth.inbox.take(DEMO.users.owner, NOTICE)
    expect(subject).toBe('Your phone number was removed from Signalbox')
    expect(text).toContain('The phone number ending in 67 can no longer be used to sign in')
    // There was none any more: nothing changes, and nothing is told.
    expect((await auth.graphql(REMOVE, {}, owner)).errors).toEqual([])
    const { data } = await auth.requestOtp(PHONE, 'SMS')
    expect((await auth.verifyOtp(data.requestOtp.challengeId, '123456')).errors).toMatchObject([refusal])
    const { rows } = await auth.superuser.query(
      `select payload->>'action' as action from events.outbox
       where payload->>'action' like 'phone.%' and payload->'target'->>'id' = (select id::text from auth.users where email = $1)
       order by id`,
      [DEMO.users.owner],
    )
    expect(rows).toEqual([{ action: 'phone.confirmed' }, { action: 'phone.removed' }])
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DEMO } from '@signalbox/shared/demo'
import { AuthFixture, type Credentials } from '../testing/auth-fixture.ts'
import { twilioError, TwilioServer } from '../testing/twilio-server.ts'

const PHONE = '+41791234567'
const UNKNOWN = '+41791230000'
const REQUEST = 'mutation ($phone: String!) { requestPhoneCode(input: { phone: $phone }) { challengeId expiresAt } }'
const CONFIRM =
  'mutation ($challengeId: ID!, $code: String!) { confirmPhone(input: { challengeId: $challengeId, code: $code }) { user { id phone } } }'
const REMOVE = 'mutation { removePhone { user { phone } } }'
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

  it('works no more once it is removed', async () => {
    expect((await auth.graphql(REMOVE, {}, owner)).data).toEqual({ removePhone: { user: { phone: null } } })
    const { data } = await auth.requestOtp(PHONE, 'SMS')
    expect((await auth.verifyOtp(data.requestOtp.challengeId, '123456')).errors).toMatchObject([refusal])
    const { rows } = await auth.superuser.query(
      `select payload->>'action' as action from events.outbox where payload->>'action' like 'phone.%' order by id`,
    )
    expect(rows).toEqual([{ action: 'phone.confirmed' }, { action: 'phone.removed' }])
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DEMO } from '@signalbox/shared/demo'
import { AuthFixture } from '../testing/auth-fixture.ts'

const wrong = (code: string) => (code === '000000' ? '111111' : '000000')
const refusal = {
  message: 'This code does not work. Check the digits, or ask for a new code: each works once, for 5 minutes and 5 tries.',
  code: 'BAD_USER_INPUT',
  fields: [{ path: 'code', message: 'wrong, used or expired: ask for a new code' }],
}

describe('a one-time code', () => {
  let auth: AuthFixture
  beforeAll(async () => {
    auth = await AuthFixture.start()
  })
  afterAll(() => auth[Symbol.asyncDispose]())

  const ask = async (address: string = DEMO.users.owner) => {
    const { data } = await auth.requestOtp(address)
    return { id: data.requestOtp.challengeId as string, code: await auth.inbox.takeCode(address) }
  }
  const refused = ({ errors, session }: Awaited<ReturnType<AuthFixture['verifyOtp']>>) => {
    expect(errors.map(({ message, extensions }) => ({ message, ...extensions }))).toEqual([refusal])
    expect(session).toBeNull()
  }

  it('signs a person in', async () => {
    const { id, code } = await ask()
    const selection = 'role scopes actor { ... on User { displayName email } } organization { name members { totalCount } }'
    const { data, errors, session } = await auth.verifyOtp(id, `${code.slice(0, 3)} ${code.slice(3)}`, selection)
    expect(errors).toEqual([])
    expect(data.verifyOtp.viewer).toMatchObject({
      role: 'CLIENT_OWNER',
      actor: { displayName: 'Oskar Owner', email: DEMO.users.owner },
      organization: { name: DEMO.clientName, members: { totalCount: 3 } },
    })
    expect(session).toMatchObject({ accessToken: expect.stringMatching(/^ey/), refreshToken: expect.any(String) })
  })

  it('is in the subject, the text and the page of the mail', async () => {
    await auth.requestOtp(DEMO.users.viewer)
    const mail = await auth.inbox.take(DEMO.users.viewer)
    const code = /^(\d{6}) is your Signalbox code$/.exec(mail.subject!)![1]!
    expect(mail.text).toContain(code)
    expect(mail.html).toContain(code)
  })

  it('is refused when it is wrong, and works after that', async () => {
    const { id, code } = await ask()
    refused(await auth.verifyOtp(id, wrong(code)))
    expect((await auth.verifyOtp(id, code)).session).not.toBeNull()
  })

  it('is refused the second time', async () => {
    const { id, code } = await ask()
    await auth.verifyOtp(id, code)
    refused(await auth.verifyOtp(id, code))
  })

  it('is refused after 5 minutes', async () => {
    const { id, code } = await ask()
    const { rows } = await auth.superuser.query(
      `update auth.challenges set expires_at = expires_at - interval '5 minutes' where id = $1 returning expires_at - created_at < interval '1 s' as over`,
      [id],
    )
    expect(rows).toEqual([{ over: true }])
    refused(await auth.verifyOtp(id, code))
  })

  it('is refused at the sixth try, even when it is right', async () => {
    const { id, code } = await ask()
    for (let attempt = 0; attempt < 5; attempt++) refused(await auth.verifyOtp(id, wrong(code)))
    refused(await auth.verifyOtp(id, code))
  })

  it('works at the fifth try', async () => {
    const { id, code } = await ask()
    for (let attempt = 0; attempt < 4; attempt++) refused(await auth.verifyOtp(id, wrong(code)))
    expect((await auth.verifyOtp(id, code)).session).not.toBeNull()
  })

  it('opens one session for 20 right answers at once', async () => {
    const { id, code } = await ask(DEMO.users.reviewer)
    const answers = await Promise.all(Array.from({ length: 20 }, () => auth.verifyOtp(id, code)))
    expect(answers.filter(({ session }) => session !== null)).toHaveLength(1)
    const { rows } = await auth.superuser.query(
      'select count(*)::int as sessions from auth.sessions join auth.users on users.id = user_id where email = $1',
      [DEMO.users.reviewer],
    )
    expect(rows).toEqual([{ sessions: 1 }])
  })

  it('is asked for alike by a stranger, who gets no mail and no session', async () => {
    const [known, unknown] = [await auth.requestOtp(DEMO.users.admin), await auth.requestOtp('nobody@elsewhere.example')]
    await auth.inbox.take(DEMO.users.admin)
    const shape = ({ status, data, errors }: typeof known) => ({
      status,
      errors,
      id: (data.requestOtp.challengeId as string).length,
      minutes: Math.round((Date.parse(data.requestOtp.expiresAt) - Date.now()) / 60_000),
    })
    expect(shape(unknown)).toEqual(shape(known))
    expect(shape(known)).toEqual({ status: 200, errors: [], id: 36, minutes: 5 })
    expect(auth.inbox.count).toBe(0)
    refused(await auth.verifyOtp(unknown.data.requestOtp.challengeId, '123456'))
  })

  it('opens nothing for a stranger even if the digits are right', async () => {
    const address = 'nobody@elsewhere.example'
    const known = await ask()
    await auth.superuser.query('update auth.challenges set address = $1 where id = $2', [address, known.id])
    refused(await auth.verifyOtp(known.id, known.code))
  })

  it.each([
    ['empty', ''],
    ['letters', 'abcdef'],
    ['too short', '12345'],
    ['far too long', '1'.repeat(5_000)],
  ])('is refused when it is %s', async (_name, code) => {
    refused(await auth.verifyOtp((await ask()).id, code))
  })

  it.each(['', 'not-an-id', '0190a000-0000-7000-8000-00000000ffff'])('is refused for the challenge %p', async (id) => {
    refused(await auth.verifyOtp(id, '123456'))
  })

  it.each([
    ['nothing', ''],
    ['a name', 'nobody'],
    ['a bare host', 'a@b'],
    ['300 characters', `${'a'.repeat(300)}@example.com`],
    ['two lines', 'x@example.com\r\nBcc: y@example.com'],
  ])('is not sent to %s', async (_name, address) => {
    const { errors } = await auth.requestOtp(address)
    expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'address' }] })
  })

  it('is not sent by SMS here', async () => {
    const { errors } = await auth.requestOtp('+491700000000', 'SMS')
    expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'channel' }] })
  })

  it('is stored as a keyed hash only', async () => {
    const { id, code } = await ask()
    const { rows } = await auth.superuser.query('select challenges::text as row from auth.challenges where id = $1', [id])
    expect(rows[0].row).not.toContain(code)
    expect(rows[0].row).not.toContain(Buffer.from(code).toString('hex'))
  })

  it('is counted in the database, behind a door that the service cannot walk around', async () => {
    const { rows } = await auth.superuser.query(
      `select has_table_privilege('auth_app', 'auth.challenges', 'select') as challenges, has_table_privilege('auth_app', 'auth.refresh_tokens', 'update') as tokens`,
    )
    expect(rows).toEqual([{ challenges: false, tokens: false }])
  })
})

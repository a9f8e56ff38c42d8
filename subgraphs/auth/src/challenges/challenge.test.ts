import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DEMO } from '@signalbox/shared/demo'
import { setTimeout as sleep } from 'node:timers/promises'
import { Secrets } from '../keys/secrets.ts'
import { AuthFixture, BROWSER, type Credentials } from '../testing/auth-fixture.ts'

/** Waits until something holds in the database. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(20)
}
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

  const ask = async (address: string = DEMO.users.owner, credentials: Credentials = {}) => {
    const { data } = await auth.requestOtp(address, 'EMAIL', credentials)
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

  it('opens one session for 50 right answers at once', async () => {
    const { id, code } = await ask(DEMO.users.reviewer)
    const answers = await Promise.all(Array.from({ length: 50 }, () => auth.verifyOtp(id, code)))
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

  it('is not sent by SMS here, which everybody can know', async () => {
    expect((await auth.graphql('{ signInChannels }')).data).toEqual({ signInChannels: ['EMAIL'] })
    const { errors } = await auth.requestOtp('+491700000000', 'SMS')
    expect(errors).toMatchObject([
      {
        message: 'Codes are not sent by SMS here. Choose EMAIL.',
        extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'channel', message: 'must be EMAIL' }] },
      },
    ])
  })

  it('is refused like a wrong one in another browser, which costs a try', async () => {
    const { id, code } = await ask()
    const elsewhere = { browser: 'z'.repeat(43) }
    for (let attempt = 0; attempt < 4; attempt++) refused(await auth.verifyOtp(id, code, 'role', elsewhere))
    refused(await auth.verifyOtp(id, code, 'role', { browser: null }))
    refused(await auth.verifyOtp(id, code))
    const next = await ask()
    refused(await auth.verifyOtp(next.id, next.code, 'role', elsewhere))
    expect((await auth.verifyOtp(next.id, next.code)).session).not.toBeNull()
  })

  it('is not sent where no browser can be told from another', async () => {
    for (const browser of [null, 'too short', 'x'.repeat(44)]) {
      const { data, errors } = await auth.requestOtp(DEMO.users.owner, 'EMAIL', { browser })
      expect(data).toBeNull()
      expect(errors[0]).toMatchObject({
        message: expect.stringContaining('works only in the browser that asks for it'),
        extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'challengeId' }] },
      })
    }
  })

  it('ends the earlier ones of its browser, and none of another', async () => {
    const theirs = { browser: 'v'.repeat(43) }
    const victim = await ask(DEMO.users.owner, theirs)
    const [first, second] = [await ask(), await ask()]
    refused(await auth.verifyOtp(first.id, first.code))
    expect((await auth.verifyOtp(second.id, second.code)).session).not.toBeNull()
    expect((await auth.verifyOtp(victim.id, victim.code, 'role', theirs)).session).not.toBeNull()
  })

  it('is one an operation: neither aliases nor fragments give more tries', async () => {
    const { id, code } = await ask()
    const verify = (alias: string, digits: string) =>
      `${alias}: verifyOtp(input: { challengeId: "${id}", code: "${digits}" }) { viewer { role } }`
    const request = `requestOtp(input: { channel: EMAIL, address: "${DEMO.users.owner}" }) { challengeId }`
    for (const query of [
      `mutation { ${verify('a', wrong(code))} ${verify('b', code)} }`,
      `mutation { ${request} ${verify('b', code)} }`,
      `mutation { ${verify('a', code)} ... { ${verify('b', code)} } }`,
      `mutation { ${verify('a', code)} ...Again } fragment Again on Mutation { ${verify('b', code)} }`,
      `mutation { ${verify('a', code)} ... @skip(if: true) { ${verify('b', code)} } }`,
    ]) {
      expect(await auth.graphql(query)).toMatchObject({
        status: 400,
        session: null,
        errors: [
          {
            message: expect.stringMatching(/^An operation may sign in, out or on once: send .* one by one\.$/),
            extensions: { code: 'BAD_USER_INPUT', fields: [{ message: 'one such mutation in an operation' }] },
          },
        ],
      })
    }
    const { rows } = await auth.superuser.query('select attempts from auth.challenges where id = $1', [id])
    expect(rows).toEqual([{ attempts: 0 }])
    const batch = await fetch(`${auth.address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-signalbox-browser': BROWSER },
      body: JSON.stringify([{ query: `mutation { ${verify('a', code)} }` }, { query: `mutation { ${verify('b', code)} }` }]),
    })
    expect(batch.status).toBe(400)
    expect((await auth.verifyOtp(id, code)).session).not.toBeNull()
  })

  it('waits sealed until it is sent, and is then gone', async () => {
    const { data } = await auth.requestOtp(DEMO.users.owner)
    const id = data.requestOtp.challengeId as string
    const { rows } = await auth.superuser.query('select sealed from auth.outgoing_codes where challenge_id = $1', [id])
    const code = await auth.inbox.takeCode(DEMO.users.owner)
    const sealed = (rows[0] as { sealed: Buffer }).sealed
    expect([sealed.includes(code), sealed.includes(DEMO.users.owner)]).toEqual([false, false])
    expect(new Secrets(auth.env.AUTH_SECRET).decrypt(id, sealed, 'outgoing code')).toContain(code)
    await until(async () => (await auth.superuser.query('select from auth.outgoing_codes')).rowCount === 0)
  })

  it('is sent once the mail server is back, and by whoever runs then', async () => {
    const { data } = await auth.requestOtp(DEMO.users.viewer)
    await auth.inbox.close()
    await until(async () => (await auth.superuser.query('select from auth.outgoing_codes where attempts > 0')).rowCount === 1)
    await auth.restart(() => auth.inbox.open())
    const code = await auth.inbox.takeCode(DEMO.users.viewer)
    expect((await auth.verifyOtp(data.requestOtp.challengeId, code)).session).not.toBeNull()
  })

  it('leaves an audit trail without address and code', async () => {
    const { id, code } = await ask()
    await auth.verifyOtp(id, wrong(code))
    const stranger = await auth.requestOtp('nobody@elsewhere.example')
    await auth.verifyOtp(stranger.data.requestOtp.challengeId, wrong(code))
    const { rows } = await auth.superuser.query<{ organization_id: string; payload: object }>(
      `select organization_id, payload from events.outbox where payload->'target'->>'id' = any($1) order by id`,
      [[id, stranger.data.requestOtp.challengeId]],
    )
    const [asked, failed] = [
      { action: 'code.requested', outcome: 'ALLOWED', actor: null, details: { channel: 'EMAIL', purpose: 'sign-in' } },
      { action: 'sign_in.failed', outcome: 'FAILED', actor: null, details: { purpose: 'sign-in', reason: 'invalid code' } },
    ]
    const nobody = '00000000-0000-0000-0000-000000000000'
    expect(rows).toMatchObject([
      { organization_id: DEMO.clientId, payload: asked },
      { organization_id: DEMO.clientId, payload: failed },
      { organization_id: nobody, payload: asked },
      { organization_id: nobody, payload: failed },
    ])
    expect(JSON.stringify(rows)).not.toMatch(new RegExp(`@|\\b(${code}|${wrong(code)})\\b`))
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

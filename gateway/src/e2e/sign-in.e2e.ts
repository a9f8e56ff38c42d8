import { describe, expect, it } from '@jest/globals'
import { codeFor, Session, system } from './testkit/session.ts'

const KNOWN = 'reviewer@harbour.example'
const UNKNOWN = 'stranger@harbour.example'
const ASK = 'mutation ($input: RequestOtpInput!) { requestOtp(input: $input) { challengeId expiresAt } }'
const VERIFY = 'mutation ($input: VerifyOtpInput!) { verifyOtp(input: $input) { viewer { role } } }'
const REFUSAL = {
  message: 'This code does not work. Check the digits, or ask for a new code: each works once, for 5 minutes and 5 tries.',
  path: ['verifyOtp'],
  extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'code', message: 'wrong, used or expired: ask for a new code' }] },
}

const browser = () => new Session(system.url)
const post = (who: Session, query: string, variables: object) =>
  who.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-signalbox-csrf': '1' },
    body: JSON.stringify({ query, variables }),
  })

async function ask(who: Session, address = KNOWN) {
  const since = Date.now()
  const { requestOtp } = await who.expect(ASK, { input: { channel: 'EMAIL', address } })
  return { challengeId: requestOtp.challengeId as string, code: await codeFor(address, since) }
}

/** All of an answer but what is random or the time, which keep their length. */
async function faceOf(response: Response) {
  const body = (await response.text()).replaceAll(
    /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+Z/g,
    (found) => '*'.repeat(found.length),
  )
  const headers = [...response.headers].map(([name, value]) => [
    name,
    name === 'date' || name === 'x-request-id' ? value.length : value.replaceAll(/[\w-]{43}/g, '*'),
  ])
  return { status: response.status, headers, body }
}

describe('signing in', () => {
  it('gives the browser that asks a cookie that no script sees, before anybody is signed in', async () => {
    const response = await post(browser(), ASK, { input: { channel: 'EMAIL', address: UNKNOWN } })
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^signalbox-browser=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/),
    ])
  })

  it('works in the browser that asked, and fails elsewhere like a wrong code', async () => {
    const [mine, other] = [browser(), browser()]
    const input = await ask(mine)
    await ask(other)
    for (const elsewhere of [other, browser()]) {
      const answer = await elsewhere.graphql(VERIFY, { input })
      expect({ status: answer.status, data: answer.data, errors: answer.errors }).toEqual({
        status: 200,
        data: null,
        errors: [REFUSAL],
      })
      expect([...elsewhere.cookies.keys()]).not.toContain('signalbox-access')
    }
    expect(await mine.expect(VERIFY, { input })).toEqual({ verifyOtp: { viewer: { role: 'CLIENT_REVIEWER' } } })
    expect((await mine.graphql(VERIFY, { input })).errors).toEqual([REFUSAL])
  })

  it('answers for an address that nobody has as for one that somebody has, to the byte', async () => {
    const [known, unknown] = [browser(), browser()]
    const faces = async (query: string, inputs: object[]) =>
      Promise.all([post(known, query, { input: inputs[0] }), post(unknown, query, { input: inputs[1] })])
    const asked = await faces(ASK, [
      { channel: 'EMAIL', address: KNOWN },
      { channel: 'EMAIL', address: UNKNOWN },
    ])
    const challenges = await Promise.all(
      asked.map(async (response) => (await response.clone().json()) as { data: { requestOtp: { challengeId: string } } }),
    )
    const [first, second] = await Promise.all(asked.map(faceOf))
    expect(second).toEqual(first)
    expect(first).toMatchObject({ status: 200 })
    const wrong = challenges.map(({ data }) => ({ challengeId: data.requestOtp.challengeId, code: 'abcdef' }))
    for (let attempt = 0; attempt < 6; attempt += 1) {
      const [third, fourth] = await Promise.all((await faces(VERIFY, wrong)).map(faceOf))
      expect(fourth).toEqual(third)
      expect(third).toMatchObject({ status: 200, body: expect.stringContaining('This code does not work.') })
    }
  })

  it('takes one try an operation, whatever aliases and batches say', async () => {
    const mine = browser()
    const input = await ask(mine)
    const aliases = `mutation ($input: VerifyOtpInput!) { ${['a', 'b', 'c'].map((name) => `${name}: verifyOtp(input: $input) { viewer { role } }`).join(' ')} }`
    const { status, data, errors } = await mine.graphql(aliases, { input })
    expect(data ?? null).toBeNull()
    expect({ status, errors }).toEqual({
      status: 400,
      errors: [
        expect.objectContaining({
          message: 'An operation may hold one mutation of accounts and sign-in; send the others one by one.',
          extensions: expect.objectContaining({ code: 'QUERY_TOO_COMPLEX' }),
        }),
      ],
    })
    const batch = await mine.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-signalbox-csrf': '1' },
      body: JSON.stringify([1, 2].map(() => ({ query: VERIFY, variables: { input } }))),
    })
    expect(batch.status).toBe(400)
    expect(await mine.expect(VERIFY, { input })).toMatchObject({ verifyOtp: { viewer: {} } })
  })

  it('says how codes are sent here, and refuses other ways with words', async () => {
    expect(await browser().expect('{ signInChannels }')).toEqual({ signInChannels: ['EMAIL'] })
    const { errors } = await browser().graphql(ASK, { input: { channel: 'SMS', address: '+41791234567' } })
    expect(errors).toMatchObject([
      { message: 'Codes are not sent by SMS here. Choose EMAIL.', extensions: { code: 'BAD_USER_INPUT' } },
    ])
  })
})

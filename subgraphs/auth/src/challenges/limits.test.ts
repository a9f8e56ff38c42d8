import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { DEMO } from '@signalbox/shared/demo'
import { AuthFixture, BROWSER, type Answer } from '../testing/auth-fixture.ts'
import { parseClient } from './client-address.ts'

const STRANGER = 'nobody@elsewhere.example'
const OTHER_BROWSER = { browser: 'o'.repeat(43) }
const HOUR = 3_600
const QUARTER = 900

/** The real limits, but for fewer tries until an address is locked. */
describe('who asks for codes or guesses', () => {
  let auth: AuthFixture
  beforeAll(async () => {
    auth = await AuthFixture.start({
      env: { CODE_SENDS_PER_HOUR: '5', CODE_SENDS_PER_CLIENT: '12', CODE_LOCK_AFTER: '5' },
    })
  })
  afterAll(() => auth[Symbol.asyncDispose]())
  beforeEach(async () => {
    await auth.superuser.query('truncate auth.challenges, auth.code_locks, auth.outgoing_codes')
  })

  let clients = 0
  /** Somebody on a network address of its own. */
  const somewhere = () => ({ client: `203.0.113.${(clients += 1)}` })
  /** A member whose mail nobody else reads. */
  const member = async () => {
    const email = `member-${(clients += 1)}@harbour.example`
    await auth.superuser.query(
      `with person as (insert into auth.users (email, display_name) values ($1, 'Member') returning id)
       insert into auth.memberships (organization_id, user_id, role) select $2, id, 'CLIENT_VIEWER' from person`,
      [email, DEMO.clientId],
    )
    return email
  }
  const times = <T>(count: number, make: (index: number) => Promise<T>) =>
    Promise.all(Array.from({ length: count }, (_, n) => make(n)))
  const opened = (answers: Answer[]) => answers.filter(({ errors }) => errors.length === 0)
  /** The seconds to wait that a refusal names; fails for anything else. */
  const waitOf = ({ status, data, errors: [error, ...more], session }: Answer) => {
    const seconds = error?.extensions['retryAfterSeconds'] as number
    expect({ status, data, error, more, session }).toEqual({
      status: 429,
      data: null,
      error: expect.objectContaining({
        message: `Too many attempts. Try again in ${seconds} seconds.`,
        extensions: { code: 'RATE_LIMITED', retryAfterSeconds: seconds },
      }),
      more: [],
      session: null,
    })
    return seconds
  }
  const open = async (address: string, credentials = {}) => {
    const { data, errors } = await auth.requestOtp(address, 'EMAIL', { ...somewhere(), ...credentials })
    expect(errors).toEqual([])
    return data.requestOtp.challengeId as string
  }
  const guess = (id: string, credentials = {}) => auth.verifyOtp(id, 'no code', 'role', credentials)
  const fail = async (address: string, tries: number, credentials = {}) => {
    const id = await open(address, credentials)
    for (let n = 0; n < tries; n += 1) expect((await guess(id, credentials)).errors[0]?.extensions.code).toBe('BAD_USER_INPUT')
    return id
  }
  const backdate = (table: string, column: string, interval: string) =>
    auth.superuser.query(`update auth.${table} set ${column} = ${column} - interval '${interval}'`)

  it.each([DEMO.users.owner, STRANGER])('gets five codes an hour for %s', async (address) => {
    for (let n = 0; n < 5; n += 1) await open(address)
    const wait = waitOf(await auth.requestOtp(address, 'EMAIL', somewhere()))
    expect(wait).toBeGreaterThan(HOUR - 20)
    expect(wait).toBeLessThanOrEqual(HOUR)
    await backdate('challenges', 'created_at', '59 minutes')
    expect(waitOf(await auth.requestOtp(address, 'EMAIL', somewhere()))).toBeLessThanOrEqual(60)
    await backdate('challenges', 'created_at', '1 minute')
    await open(address)
  })

  it('gets five codes, however many are asked for at once', async () => {
    const answers = await times(30, () => auth.requestOtp(DEMO.users.owner, 'EMAIL', somewhere()))
    expect(opened(answers)).toHaveLength(5)
    for (const answer of answers.filter(({ errors }) => errors.length > 0)) waitOf(answer)
  })

  it('gets no more by another writing of the address', async () => {
    for (let n = 0; n < 5; n += 1) await open(n % 2 ? ' Owner@Harbour.example ' : DEMO.users.owner)
    waitOf(await auth.requestOtp(DEMO.users.owner.toUpperCase(), 'EMAIL', somewhere()))
  })

  it('gets twelve codes an hour from one network address, whoever they are for', async () => {
    const here = somewhere()
    const answers = await times(30, (n) => auth.requestOtp(`person-${n}@elsewhere.example`, 'EMAIL', here))
    expect(opened(answers)).toHaveLength(12)
    await open(STRANGER)
    const home = '2001:db8:1:2'
    for (let n = 0; n < 12; n += 1) await open(`person-${n}@elsewhere.example`, { client: `${home}::${n + 1}` })
    waitOf(await auth.requestOtp(STRANGER, 'EMAIL', { client: `${home}:ffff::1` }))
    await open(STRANGER, { client: '2001:db8:1:3::1' })
  })

  it('has five tries and no more, however many come at once', async () => {
    const id = await open(DEMO.users.owner)
    const answers = await times(40, () => guess(id))
    expect(new Set(answers.map(({ errors }) => errors[0]?.extensions.code))).toEqual(new Set(['BAD_USER_INPUT', 'RATE_LIMITED']))
    const { rows } = await auth.superuser.query(
      'select attempts, failed_tries from auth.challenges join auth.code_locks using (channel, address)',
    )
    expect(rows).toEqual([{ attempts: 5, failed_tries: 5 }])
  })

  it.each([DEMO.users.owner, STRANGER])('locks %s by failed tries in a row, for twice as long each time', async (address) => {
    for (const factor of [1, 2, 4]) {
      const id = await fail(address, 5)
      for (const answer of [await guess(id), await auth.requestOtp(address, 'EMAIL', somewhere())]) {
        const wait = waitOf(answer)
        expect(wait).toBeGreaterThan(factor * QUARTER - 20)
        expect(wait).toBeLessThanOrEqual(factor * QUARTER)
      }
      await backdate('code_locks', 'locked_until', `${factor * 15} minutes`)
    }
    await auth.superuser.query('update auth.code_locks set failed_tries = 499')
    await fail(address, 1)
    expect(waitOf(await auth.requestOtp(address, 'EMAIL', somewhere()))).toBeGreaterThan(24 * HOUR - 20)
    expect(waitOf(await auth.requestOtp(address, 'EMAIL', somewhere()))).toBeLessThanOrEqual(24 * HOUR)
  })

  it('counts over challenges and browsers', async () => {
    await fail(DEMO.users.owner, 3)
    const id = await fail(DEMO.users.owner, 2, OTHER_BROWSER)
    waitOf(await guess(id, OTHER_BROWSER))
    waitOf(await auth.requestOtp(DEMO.users.owner, 'EMAIL', { ...somewhere(), browser: 'p'.repeat(43) }))
  })

  it('starts from nothing after a right code', async () => {
    const person = await member()
    const id = await fail(person, 4)
    const code = await auth.inbox.takeCode(person)
    expect((await auth.verifyOtp(id, code)).session).not.toBeNull()
    await fail(person, 4)
    await open(person)
  })

  it('does not lock anybody out of a code that was sent before', async () => {
    const person = await member()
    const id = await open(person)
    const code = await auth.inbox.takeCode(person)
    await fail(person, 5, OTHER_BROWSER)
    waitOf(await auth.requestOtp(person, 'EMAIL', somewhere()))
    expect((await auth.verifyOtp(id, code)).session).not.toBeNull()
  })

  it('has one try with a code that was sent before the lock', async () => {
    const person = await member()
    const id = await open(person)
    const code = await auth.inbox.takeCode(person)
    await fail(person, 5, OTHER_BROWSER)
    expect((await guess(id)).errors[0]?.extensions.code).toBe('BAD_USER_INPUT')
    waitOf(await auth.verifyOtp(id, code))
  })

  it('does not lock out a browser that has signed in with this address, nor is unlocked by it', async () => {
    const person = await member()
    const known = await open(person)
    await auth.verifyOtp(known, await auth.inbox.takeCode(person))
    await fail(person, 5, OTHER_BROWSER)
    await auth.inbox.takeCode(person)
    const id = await open(person)
    expect((await auth.verifyOtp(id, await auth.inbox.takeCode(person))).session).not.toBeNull()
    waitOf(await auth.requestOtp(person, 'EMAIL', { ...somewhere(), ...OTHER_BROWSER }))
    await fail(person, 5, { browser: BROWSER })
    waitOf(await auth.requestOtp(person, 'EMAIL', somewhere()))
  })

  it('is forgotten in time', async () => {
    await fail(STRANGER, 1)
    await backdate('challenges', 'expires_at', '2 days')
    await backdate('code_locks', 'used_at', '31 days')
    await open(DEMO.users.owner)
    const { rows } = await auth.superuser.query(
      'select address from auth.challenges union all select address from auth.code_locks',
    )
    expect(rows).toEqual([{ address: DEMO.users.owner }])
  })
})

describe('a network address', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:db8:0:7:1:2:3:4', '2001:db8:0:7::/64'],
    ['2001:DB8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['somebody', 'unknown'],
    [null, 'unknown'],
  ])('%p counts as %s', (address, counted) => expect(parseClient(address)).toBe(counted))
})

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { encodeOrganizations } from '@signalbox/shared/organization-list'
import { BAD_TOKENS } from '@signalbox/shared/testing/bad-tokens'
import { AUDIENCE, ISSUER, TokenIssuer } from '@signalbox/shared/testing/token-issuer'
import { once } from 'node:events'
import { connect } from 'node:net'
import { createGateway } from '../gateway.ts'
import { codesOf, post, type Answer } from '../testkit/client.ts'
import { ORGANIZATION } from '../testkit/issuer.ts'
import { gatewayConfig, PUBLIC_URL, Started, startPlatform, type Platform } from '../testkit/platform.ts'
import { isOwnOrigin } from './origin.ts'

const started = new Started()
let platform: Platform
let token: string
/** Another issuer and a gateway that believes it, for tokens of every kind. */
let forger: TokenIssuer
let believing: Platform
/** Where an attacker’s keys lie. */
let trap: TokenIssuer

beforeAll(async () => {
  ;[platform, forger, trap] = await Promise.all([startPlatform(), TokenIssuer.start(), TokenIssuer.start()])
  token = await platform.issuer.sign()
  const tokens = { jwksUrl: forger.jwksUrl, issuer: ISSUER, audience: AUDIENCE }
  const gateway = await createGateway({ ...gatewayConfig(platform.supergraphSdl, platform.issuer), tokens })
  believing = { ...platform, gateway }
})
afterAll(async () => {
  await believing.gateway[Symbol.asyncDispose]()
  await Promise.all([forger[Symbol.asyncDispose](), trap[Symbol.asyncDispose]()])
})
afterEach(() => started.stopAll())
afterAll(() => platform[Symbol.asyncDispose]())

const CSRF = { 'x-signalbox-csrf': '1' }
const cookies = (access?: string, refresh?: string) =>
  [access && `signalbox-access=${access}`, refresh && `signalbox-refresh=${refresh}`, 'other=1'].filter(Boolean).join('; ')
const RUNS = '{ runs { id } }'
const setCookies = ({ headers }: Answer) => headers.getSetCookie()

describe('a bearer token', () => {
  it.each([
    ['forged', () => platform.issuer.forge()],
    ['expired', () => platform.issuer.sign({ lifetime: -10 })],
    ['for another audience', () => platform.issuer.sign({ audience: 'urn:other' })],
    ['of another issuer', () => platform.issuer.sign({ issuer: 'http://evil.test' })],
    ['no token at all', () => Promise.resolve('abc')],
  ])('that is %s is refused with 401, on public fields too', async (_name, make) => {
    for (const query of [RUNS, '{ viewer { id } }']) {
      const answer = await post(platform, query, { token: await make() })
      expect(answer).toMatchObject({ status: 401, body: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } })
    }
  })

  it('wins over cookies', async () => {
    const answer = await post(platform, RUNS, { token, headers: { cookie: cookies('rubbish', 'rubbish') } })
    expect(answer.status).toBe(200)
    const forged = await post(platform, RUNS, { token: await platform.issuer.forge(), headers: { cookie: cookies(token) } })
    expect(forged.status).toBe(401)
  })
})

describe('a session in cookies', () => {
  it('begins with what auth hands over, which no client sees', async () => {
    const answer = await post(platform, 'mutation ($code: String!) { verifyOtp(code: $code) { name } }', {
      variables: { code: token },
    })
    expect(answer.body).toEqual({ data: { verifyOtp: { name: 'Ada' } } })
    expect(answer.headers.get('x-signalbox-session')).toBeNull()
    const [access, refresh] = setCookies(answer)
    expect(access).toMatch(new RegExp(`^signalbox-access=${token}; Path=/; Expires=.*; HttpOnly; SameSite=Strict$`))
    expect(refresh).toMatch(/^signalbox-refresh=refresh-2; Path=\/; Expires=.*; HttpOnly; SameSite=Strict$/)
  })

  it('carries the token to the subgraphs', async () => {
    const answer = await post(platform, RUNS, { headers: { ...CSRF, cookie: cookies(token) } })
    expect(answer.status).toBe(200)
    expect(platform.workflow.requests.at(-1)).toMatchObject({ viewer: { token } })
    expect(platform.workflow.requests.at(-1)!.headers['cookie']).toBeUndefined()
  })

  it('needs the header that no foreign page can send, and JSON', async () => {
    for (const headers of [
      { cookie: cookies(token) },
      { cookie: cookies(undefined, 'r') },
      { ...CSRF, cookie: cookies(token), 'content-type': 'application/graphql' },
    ]) {
      expect(await post(platform, RUNS, { headers: headers as unknown as Record<string, string> })).toMatchObject({
        status: 403,
        body: { errors: [{ extensions: { code: 'FORBIDDEN' } }] },
      })
    }
  })

  it('asks to refresh when only the refresh token is left', async () => {
    for (const access of [undefined, await platform.issuer.sign({ lifetime: -10 })]) {
      for (const query of [RUNS, '{ viewer { id } }']) {
        const answer = await post(platform, query, { headers: { ...CSRF, cookie: cookies(access, 'refresh-1:x') } })
        expect(answer).toMatchObject({ status: 401, body: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } })
        expect(setCookies(answer)).toEqual([])
      }
    }
  })

  it('is refreshed by the token that only auth gets', async () => {
    const answer = await post(platform, 'mutation { refreshSession { name } }', {
      headers: { ...CSRF, cookie: cookies(undefined, `refresh-1:${token}`) },
    })
    expect(answer.body).toEqual({ data: { refreshSession: { name: 'Ada' } } })
    expect(setCookies(answer)[0]).toContain(`signalbox-access=${token};`)
    await post(platform, RUNS, { headers: { ...CSRF, cookie: cookies(token, 'refresh-1:x') } })
    expect(platform.workflow.requests.at(-1)!.headers['x-signalbox-refresh']).toBeUndefined()
  })

  it('takes no refresh token from a header of the client', async () => {
    const answer = await post(platform, 'mutation { refreshSession { name } }', {
      headers: { 'x-signalbox-refresh': `refresh-1:${token}` },
    })
    expect(answer.status).toBe(401)
  })

  it('ends when auth does not take its refresh token', async () => {
    const answer = await post(platform, 'mutation { refreshSession { name } }', {
      headers: { ...CSRF, cookie: cookies(undefined, 'stolen') },
    })
    expect(answer.status).toBe(401)
    expect(setCookies(answer)).toEqual([
      expect.stringMatching(/^signalbox-access=;.*1970/),
      expect.stringMatching(/^signalbox-refresh=;.*1970/),
    ])
  })

  it('ends with signing out', async () => {
    const answer = await post(platform, 'mutation { signOut }', { headers: { ...CSRF, cookie: cookies(token, 'r') } })
    expect(answer.body).toEqual({ data: { signOut: true } })
    expect(setCookies(answer)).toHaveLength(2)
    expect(setCookies(answer)[1]).toMatch(/^signalbox-refresh=;/)
  })

  it('is bound to the host where the page is secure', async () => {
    const secure = await started.keep(startPlatform({ publicUrl: 'https://signalbox.test' }))
    const own = await secure.issuer.sign()
    const answer = await post(secure, 'mutation ($code: String!) { verifyOtp(code: $code) { name } }', {
      variables: { code: own },
    })
    expect(setCookies(answer)[0]).toMatch(/^__Host-signalbox-access=.*; HttpOnly; Secure; SameSite=Strict$/)
    expect(answer.headers.get('strict-transport-security')).toContain('max-age')
    const plain = await post(secure, RUNS, { headers: { ...CSRF, cookie: cookies(own) } })
    expect(plain.status).toBe(401)
    const bound = await post(secure, RUNS, { headers: { ...CSRF, cookie: `__Host-signalbox-access=${own}` } })
    expect(bound.status).toBe(200)
  })
})

describe('the browser that asks for a code', () => {
  const ASK = 'mutation { requestOtp }'
  const ask = async (headers: Record<string, string> = {}) => {
    const answer = await post(platform, ASK, { headers })
    return { known: answer.body.data!['requestOtp'] as string, cookies: setCookies(answer), headers: answer.headers }
  }

  it('is given a cookie of 256 random bits, which auth gets and no script sees', async () => {
    const {
      known,
      cookies: [cookie, ...others],
      headers,
    } = await ask()
    expect(known).toMatch(/^[\w-]{43}$/)
    expect(cookie).toBe(`signalbox-browser=${known}; Max-Age=34560000; Path=/; HttpOnly; SameSite=Strict`)
    expect(others).toEqual([])
    expect(headers.get('x-signalbox-browser')).toBeNull()
    expect((await ask()).known).not.toBe(known)
  })

  it('is known again by its cookie', async () => {
    const { known } = await ask()
    expect((await ask({ cookie: `signalbox-browser=${known}` })).known).toBe(known)
  })

  it.each(['', 'short', 'x'.repeat(44), `${'x'.repeat(42)}%00`, `${'x'.repeat(42)}"`])(
    'gets a new one for the malformed cookie %p',
    async (value) => {
      expect((await ask({ cookie: `signalbox-browser=${value}` })).known).toMatch(/^(?!x{42})[\w-]{43}$/)
    },
  )

  it('cannot name itself by a header', async () => {
    const value = 'y'.repeat(43)
    expect((await ask({ 'x-signalbox-browser': value })).known).not.toBe(value)
  })

  it('gets no cookie for what binds nothing to it', async () => {
    expect(setCookies(await post(platform, 'mutation { verifyOtp(code: "x") { name } }'))).not.toContainEqual(
      expect.stringContaining('signalbox-browser'),
    )
  })

  it('has its cookie bound to the host where the page is secure', async () => {
    const secure = await started.keep(startPlatform({ publicUrl: 'https://signalbox.test' }))
    expect(setCookies(await post(secure, ASK))).toEqual([
      expect.stringMatching(/^__Host-signalbox-browser=[\w-]{43}; Max-Age=34560000; Path=\/; HttpOnly; Secure; SameSite=Strict$/),
    ])
  })
})

describe('a token in a cookie or a header', () => {
  it.each(BAD_TOKENS)('is refused, and nobody is asked, when it %s', async (_name, make) => {
    const [bad, asked] = [await make(forger, trap.origin), platform.workflow.requests.length]
    for (const headers of [{ authorization: `Bearer ${bad}` }, { ...CSRF, cookie: `signalbox-access=${bad}` }]) {
      const answer = await post(believing, RUNS, { headers: headers as unknown as Record<string, string> })
      const message = 'authorization' in headers ? 'The access token is not valid.' : 'Sign in to do this.'
      expect({ status: answer.status, body: answer.body }).toEqual({
        status: 401,
        body: { errors: [{ message, extensions: { code: 'UNAUTHENTICATED' } }] },
      })
    }
    expect(trap.requests).toEqual([])
    expect(platform.workflow.requests.length).toBe(asked)
  })
})

describe('malformed cookies', () => {
  const SIGN_IN = { errors: [{ message: 'Sign in to do this.', extensions: { code: 'UNAUTHENTICATED' } }] }
  const good = () => `signalbox-access=${token}`
  it.each([
    ['empty', () => 'signalbox-access='],
    ['no base64', () => 'signalbox-access=%%%.***.§§§'],
    ['a broken escape', () => 'signalbox-access=%E0%A4%A'],
    ['text with control characters', () => 'signalbox-access=a%00.b%0d%0a.c%1b'],
    ['a token in quotes with a control character', () => `signalbox-access="${token}%07"`],
    ['larger than any token of ours', () => `signalbox-access=a.${'x'.repeat(13_000)}.b`],
    ['two of the same name', () => `${good()}; ${good()}`],
    ['two of the same name, one of somebody else', () => `signalbox-access=a.b.c; ${good()}`],
    ['only the end of a token', () => `signalbox-access-2=${token}`],
    ['a token and more than a token', () => `${good()}; signalbox-access-2=x`],
    ['named in capitals', () => `SIGNALBOX-ACCESS=${token}`],
    ['a refresh token with control characters', () => 'signalbox-refresh=a%0d%0ax-evil:%201'],
    ['an empty refresh token', () => 'signalbox-refresh='],
    ['a huge refresh token', () => `signalbox-refresh=${'x'.repeat(5_000)}`],
    ['two refresh tokens', () => `signalbox-refresh=refresh-1:x; signalbox-refresh=refresh-1:${token}`],
  ])('speak for nobody: %s', async (_name, cookie) => {
    const headers = { ...CSRF, cookie: cookie() }
    const answer = await post(platform, RUNS, { headers })
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 401, body: SIGN_IN })
    const open = await post(platform, '{ viewer { id } }', { headers })
    expect(open.status).toBe(200)
    const renewal = await post(platform, 'mutation { refreshSession { name } }', { headers })
    expect({ status: renewal.status, body: renewal.body }).toEqual({
      status: 401,
      body: { data: { refreshSession: null }, errors: [{ ...SIGN_IN.errors[0], path: ['refreshSession'] }] },
    })
  })

  it('that fill more than all headers may are refused as such', async () => {
    const answer = await post(platform, RUNS, { headers: { ...CSRF, cookie: `signalbox-access=${'x'.repeat(17_000)}` } })
    expect({ status: answer.status, codes: codesOf(answer) }).toEqual({ status: 431, codes: ['HEADERS_TOO_LARGE'] })
  })

  it('that no header may hold are refused as such', async () => {
    const { hostname, port } = new URL(platform.gateway.address)
    const socket = connect(Number(port), hostname)
    socket.write('POST /graphql HTTP/1.1\r\nhost: x\r\ncookie: signalbox-access=a\u0001b\r\n\r\n')
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
    expect(answer.toString()).toContain('"code":"BAD_REQUEST"')
    socket.destroy()
  })

  it('need the header against forgery all the same', async () => {
    for (const cookie of ['signalbox-access=', 'signalbox-refresh=%00', `${good()}; ${good()}`]) {
      expect((await post(platform, RUNS, { headers: { cookie } })).status).toBe(403)
    }
  })
})

describe('an access token that is too long for a cookie', () => {
  const clients = Array.from({ length: 200 }, () => crypto.randomUUID())
  const VERIFY = 'mutation ($code: String!) { verifyOtp(code: $code) { name } }'
  const pairs = (answer: Answer) => setCookies(answer).map((cookie) => cookie.split(';')[0]!)

  it('is spread over several, each of which a browser keeps, and read back whole', async () => {
    const long = await platform.issuer.sign({ claims: { orgs: encodeOrganizations(clients) } })
    const answer = await post(platform, VERIFY, { variables: { code: long } })
    expect(pairs(answer).map((pair) => pair.split('=')[0])).toEqual([
      'signalbox-access',
      'signalbox-access-2',
      'signalbox-refresh',
    ])
    for (const cookie of setCookies(answer)) expect(cookie.length).toBeLessThan(4_096)
    expect((await post(platform, RUNS, { headers: { ...CSRF, cookie: pairs(answer).join('; ') } })).status).toBe(200)
    const [request] = platform.workflow.requests.slice(-1)
    expect(request!.viewer!.organizationIds).toEqual([ORGANIZATION, ...clients])
    expect(request!.headers['cookie']).toBeUndefined()
  })

  it('leaves no part behind when a shorter one follows, or nobody', async () => {
    const headers = { ...CSRF, cookie: 'signalbox-access=a; signalbox-access-2=b; signalbox-access-3=c; signalbox-refresh=r' }
    const shorter = await post(platform, VERIFY, { variables: { code: token }, headers })
    expect(pairs(shorter)).toEqual([
      `signalbox-access=${token}`,
      'signalbox-access-2=',
      'signalbox-access-3=',
      'signalbox-refresh=refresh-2',
    ])
    const out = await post(platform, 'mutation { signOut }', { headers })
    expect(pairs(out)).toEqual(['signalbox-access=', 'signalbox-refresh=', 'signalbox-access-2=', 'signalbox-access-3='])
  })
})

describe('the keys of auth', () => {
  it('being out of reach is no fault of the caller', async () => {
    const other = await started.keep(startPlatform())
    const own = await other.issuer.sign()
    await other.issuer[Symbol.asyncDispose]()
    expect(codesOf(await post(other, RUNS, { token: own }))).toEqual(['UNAVAILABLE'])
  })
})

describe('an origin', () => {
  it.each([
    [PUBLIC_URL, PUBLIC_URL, true],
    ['http://signalbox.test.evil.test', PUBLIC_URL, false],
    ['https://signalbox.test', PUBLIC_URL, false],
    ['null', PUBLIC_URL, false],
    ['http://localhost:4000', 'http://127.0.0.1:4000', true],
    ['http://localhost:4001', 'http://127.0.0.1:4000', false],
  ])('%s for %s: %s', (origin, publicUrl, isOwn) => {
    expect(isOwnOrigin(origin, publicUrl)).toBe(isOwn)
  })
})

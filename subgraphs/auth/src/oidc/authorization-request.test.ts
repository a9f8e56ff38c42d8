import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DEMO } from '@signalbox/shared/demo'
import { Application, CALLBACK } from '../testing/application.ts'
import { AuthFixture } from '../testing/auth-fixture.ts'

const LOCAL = 'http://127.0.0.1/callback'

describe('an authorization request', () => {
  let auth: AuthFixture
  let atlas: Application
  let native: Application
  beforeAll(async () => {
    auth = await AuthFixture.start({ env: { CODE_SENDS_PER_HOUR: '1000', CODE_SENDS_PER_CLIENT: '1000' } })
    const withQuery = { redirectUris: [CALLBACK, 'https://app.example.com/other?tenant=1'] }
    atlas = await Application.register(auth, DEMO.users.owner, withQuery)
    native = await Application.register(auth, DEMO.users.owner, { redirectUris: [LOCAL, 'com.example.app:/callback'] })
  })
  afterAll(() => auth[Symbol.asyncDispose]())

  describe('that wants people sent elsewhere', () => {
    it.each([
      ['another site', 'https://evil.example/'],
      ['a look-alike host', 'https://app.example.com.evil.example/callback'],
      ['a user name that looks like the host', 'https://app.example.com@evil.example/callback'],
      ['a subdomain', 'https://x.app.example.com/callback'],
      ['another path', 'https://app.example.com/callback/../open'],
      ['a longer path', `${CALLBACK}/more`],
      ['another query', `${CALLBACK}?next=https://evil.example`],
      ['another port', 'https://app.example.com:8443/callback'],
      ['plain http', 'http://app.example.com/callback'],
      ['another spelling', 'HTTPS://APP.example.com/callback'],
      ['a fragment', `${CALLBACK}#x`],
      ['an empty fragment', `${CALLBACK}#`],
      ['a loopback address that it never named', 'http://127.0.0.1:8000/callback'],
      ['a script', 'javascript:alert(1)'],
      ['no address', ''],
      ['nothing', null],
    ])('to %s is answered with a page and leads nowhere', async (_name, redirect_uri) => {
      const { browser } = atlas
      await browser.open(atlas.request({ redirect_uri }))
      expect({ status: browser.status, visited: browser.visited.length }).toEqual({ status: 400, visited: 1 })
      expect(browser.headers.get('location')).toBeNull()
      expect(browser.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(browser.headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; style-src 'sha256-[\w+/]+=*'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
      )
      expect(browser.text).toMatch(/^This did not work/)
      expect(browser.html).not.toMatch(/<script|href=|javascript:/i)
    })

    it('is answered with JSON where JSON is asked for', async () => {
      const response = await fetch(`${auth.address}${atlas.request({ redirect_uri: 'https://evil.example/' })}`, {
        headers: { accept: 'application/json' },
        redirect: 'manual',
      })
      expect(response.status).toBe(400)
      const text = "redirect_uri did not match any of the client's registered redirect_uris"
      expect(await response.json()).toEqual({
        error: 'invalid_redirect_uri',
        error_description: text,
        errors: [{ message: text, extensions: { code: 'BAD_USER_INPUT', error: 'invalid_redirect_uri' } }],
      })
    })
  })

  it.each([
    ['an unknown client', { client_id: 'nobody' }],
    ['a client with a secret', { client_id: DEMO.cliClientId }],
    ['no client', { client_id: null }],
    ['a zero byte for a client', { client_id: 'a\0b' }],
    ['markup for a client', { client_id: '<script>alert(1)</script>' }],
  ])('of %s is answered with a page', async (_name, changes) => {
    const { browser } = atlas
    await browser.open(atlas.request(changes))
    expect({ status: browser.status, visited: browser.visited.length }).toEqual({ status: 400, visited: 1 })
    expect(browser.text).toMatch(/^This did not work/)
    expect(browser.html).not.toContain('<script')
  })

  it('may name its second address, in the same characters', async () => {
    const { browser } = atlas
    await browser.open(atlas.request({ redirect_uri: 'https://app.example.com/other?tenant=1' }))
    expect(browser.text).toMatch(/^Sign in/)
  })

  it.each([
    ['any port of a loopback address', 'http://127.0.0.1:51004/callback', true],
    ['a scheme of one’s own', 'com.example.app:/callback', true],
    ['another path of a loopback address', 'http://127.0.0.1:51004/other', false],
    ['the other loopback address', 'http://[::1]:51004/callback', false],
    ['localhost', 'http://localhost:51004/callback', false],
    ['another path of the scheme', 'com.example.app:/other', false],
  ])('of an application on the person’s own device may lead to %s: %p', async (_name, redirect_uri, allowed) => {
    const { browser } = native
    await browser.open(native.request({ redirect_uri }))
    expect(browser.status).toBe(allowed ? 200 : 400)
  })

  describe('without proof of possession (PKCE)', () => {
    it.each([
      ['no challenge', { code_challenge: null, code_challenge_method: null }],
      ['the plain method', { code_challenge_method: 'plain', code_challenge: 'a'.repeat(43) }],
      ['no method, which would mean plain', { code_challenge_method: null }],
      ['an unknown method', { code_challenge_method: 'S512' }],
      ['a method without a challenge', { code_challenge: null }],
      ['a short challenge', { code_challenge: 'short' }],
    ])('is refused: %s', async (_name, changes) => {
      const back = await atlas.browser.open(atlas.request(changes))
      expect(`${back.origin}${back.pathname}`).toBe(CALLBACK)
      expect(Object.fromEntries(back.searchParams)).toMatchObject({ error: 'invalid_request', state: 'the state' })
    })
  })

  it.each([
    ['another response type', { response_type: 'token', response_mode: 'query' }, 'invalid_request'],
    ['a hybrid response', { response_type: 'code id_token', nonce: 'x' }, 'invalid_request'],
    ['a scope that the application does not have', { scope: 'openid org:admin' }, 'invalid_scope'],
    ['another resource', { resource: 'https://other.example' }, 'invalid_target'],
    ['a request object', { request: 'e30.e30.' }, 'request_not_supported'],
    ['a request object elsewhere', { request_uri: 'https://evil.example/request' }, 'request_uri_not_supported'],
    ['silence from somebody who is not signed in', { prompt: 'none' }, 'login_required'],
  ])('for %s is refused to the application', async (_name, changes, error) => {
    const back = await atlas.browser.open(atlas.request(changes))
    const answer = new URLSearchParams(back.hash ? back.hash.slice(1) : back.search)
    expect({ at: `${back.origin}${back.pathname}`, error: answer.get('error') }).toEqual({ at: CALLBACK, error })
  })

  it.each(['fragment', 'form_post', 'web_message', 'jwt', ''])(
    'for an answer by %j is answered with a page',
    async (response_mode) => {
      const { browser } = atlas
      await browser.open(atlas.request({ response_mode }))
      expect({ status: browser.status, visited: browser.visited.length }).toEqual({ status: 400, visited: 1 })
      expect(browser.text).toContain('response_mode is query')
    },
  )

  it('for no right at all is refused to the application after the sign-in', async () => {
    const { browser } = atlas
    const { url } = await atlas.signIn(DEMO.users.owner, { scope: 'openid' }, browser)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({ error: 'invalid_scope' })
  })

  describe('of somebody who is signed in', () => {
    it('and has consented goes through at once, also with prompt=none; prompt=consent asks again', async () => {
      const { browser } = atlas
      await atlas.authorize(DEMO.users.owner, {}, browser)
      for (const prompt of [null, 'none']) {
        const back = await browser.open(atlas.request({ prompt }))
        expect({ at: back.origin, code: back.searchParams.get('code') }).toEqual({
          at: 'https://app.example.com',
          code: expect.any(String),
        })
      }
      await browser.open(atlas.request({ prompt: 'consent' }))
      expect(browser.text).toMatch(/^Allow Atlas\?/)
      await browser.press('allow')
      await browser.open(atlas.request({ scope: 'openid wrm:read wrm:write' }))
      expect(browser.text).toContain('start, retry and cancel runs')
      const silent = await browser.open(atlas.request({ scope: 'openid wrm:read wrm:write', prompt: 'none' }))
      expect(silent.searchParams.get('error')).toBe('consent_required')
      await browser.open(atlas.request({ prompt: 'login' }))
      expect(browser.text).toMatch(/^Sign in/)
    })

    it('asks anew after the consent was ended', async () => {
      const { browser } = atlas
      await atlas.authorize(DEMO.users.owner, {}, browser)
      await auth.superuser.query(`update auth.sessions set ended_at = now() where user_agent = 'Atlas'`)
      await browser.open(atlas.request())
      expect(browser.text).toMatch(/^Allow Atlas\?/)
    })

    it('goes on as somebody else where that is wanted', async () => {
      const browser = await atlas.signIn(DEMO.users.owner)
      await browser.press('switch')
      expect(browser.text).toMatch(/^Sign in/)
      await browser.press('address', { address: DEMO.users.reviewer })
      await browser.press('code', { code: await auth.inbox.takeCode(DEMO.users.reviewer) })
      expect(browser.text).toContain(`You are signed in as ${DEMO.users.reviewer}`)
    })

    it('asks for a sign-in by prompt=login, and lets another person take the place', async () => {
      const { browser } = atlas
      await atlas.authorize(DEMO.users.owner, {}, browser)
      await atlas.signIn(DEMO.users.reviewer, { prompt: 'login' }, browser)
      expect(browser.text).toContain(`You are signed in as ${DEMO.users.reviewer}`)
    })

    it('of an application on a device asks each time: another one could have taken its place', async () => {
      const { browser } = native
      await native.authorize(DEMO.users.owner, {}, browser)
      await browser.open(native.request())
      expect(browser.text).toMatch(/^Allow Atlas\?/)
      expect(browser.text).toContain('an application on this computer')
    })
  })
})

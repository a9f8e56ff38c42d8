import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DEMO } from '@signalbox/shared/demo'
import { createHash } from 'node:crypto'
import { Application } from '../../testing/application.ts'
import { AuthFixture } from '../../testing/auth-fixture.ts'

describe('the sign-in page for an application', () => {
  let auth: AuthFixture
  let atlas: Application
  beforeAll(async () => {
    auth = await AuthFixture.start()
    atlas = await Application.register(auth, DEMO.users.owner, { name: '<b>Atlas</b> & "Co"' })
  })
  afterAll(() => auth[Symbol.asyncDispose]())

  const opened = async (changes: Record<string, string | null> = {}) => {
    const { browser } = atlas
    await browser.open(atlas.request(changes))
    return browser
  }

  it('runs nothing, loads nothing, leads nowhere but to the application, and is never stored', async () => {
    const browser = await opened()
    const policy = browser.headers.get('content-security-policy')!
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]+=*'; form-action 'self' https:\/\/app\.example\.com; base-uri 'none'/,
    )
    expect(policy).not.toMatch(/unsafe|nonce/)
    const style = /<style>(.*?)<\/style>/s.exec(browser.html)![1]!
    expect(policy).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`)
    expect(browser.headers.get('cache-control')).toBe('no-store')
    expect(browser.html).not.toMatch(/<script|<link|<img|\son\w+=|url\(/i)
    expect(browser.html).toContain('&lt;b&gt;Atlas&lt;/b&gt; &amp; &quot;Co&quot;')
    expect(browser.html).toContain('<html lang="en">')
  })

  it('keeps its cookies under the provider’s path, out of scripts’ reach', async () => {
    const { headers } = await fetch(`${auth.address}${atlas.request()}`, { redirect: 'manual' })
    const cookies = headers.getSetCookie()
    expect(cookies.length).toBeGreaterThan(1)
    for (const cookie of cookies) expect(cookie).toMatch(/^_oidc_\w+(\.sig)?=[^;]+; path=\/oidc\/[^;]+;.*samesite=lax; httponly$/)
  })

  it('asks for the address again when it is none', async () => {
    const browser = await opened()
    await browser.press('address', { address: 'no address' })
    expect({ status: browser.status, text: browser.text }).toMatchObject({
      status: 400,
      text: expect.stringContaining('Sign in'),
    })
    expect(browser.html).toContain('role="alert"')
    expect(browser.html).toContain('value="no address"')
  })

  it('begins with the address that the application names', async () => {
    expect((await opened({ login_hint: 'a"b@example.com' })).html).toContain('value="a&quot;b@example.com"')
  })

  it('answers a stranger like a member, and lets nobody in', async () => {
    const [known, unknown] = [await opened(), await opened()]
    await known.press('address', { address: DEMO.users.owner })
    await unknown.press('address', { address: 'nobody@elsewhere.example' })
    const read = (text: string, address: string) => text.replace(address, '…')
    expect(read(unknown.text, 'nobody@elsewhere.example')).toBe(read(known.text, DEMO.users.owner))
    const code = await auth.inbox.takeCode(DEMO.users.owner)
    await known.press('code', { code: code === '000000' ? '111111' : '000000' })
    await unknown.press('code', { code: '000000' })
    expect(read(unknown.text, 'nobody@elsewhere.example')).toBe(read(known.text, DEMO.users.owner))
    expect(known.text).toContain('This code does not work.')
    await known.press('code', { code })
    expect(known.text).toMatch(/^Allow/)
  })

  it('takes a code only from the browser that asked for it', async () => {
    const [mine, theirs] = [await opened(), await opened()]
    await mine.press('address', { address: DEMO.users.owner })
    const code = await auth.inbox.takeCode(DEMO.users.owner)
    await theirs.press('address', { address: 'nobody@elsewhere.example' })
    await theirs.press('code', { code, challengeId: mine.fields['challengeId']! })
    expect(theirs.text).toContain('This code does not work.')
  })

  describe('refuses a form', () => {
    it.each([
      ['without its token', { token: '' }],
      ['with a made-up token', { token: 'x'.repeat(43) }],
    ])('%s', async (_name, typed) => {
      const browser = await opened()
      await browser.press('address', { address: DEMO.users.owner, ...typed })
      expect(browser.status).toBe(403)
      expect(browser.text).toContain('Go back to the application and start again.')
    })

    it('of another browser', async () => {
      const [mine, theirs] = [await opened(), await opened()]
      theirs.url = mine.url
      await theirs.press('address', { address: DEMO.users.owner, token: mine.fields['token']! })
      expect(theirs.status).toBe(400)
    })

    it('when the browser’s cookie is another', async () => {
      const browser = await opened()
      browser.cookie('_oidc_browser', 'y'.repeat(43))
      await browser.press('address', { address: DEMO.users.owner })
      expect(browser.status).toBe(403)
    })

    it('that is longer than any of ours', async () => {
      const browser = await opened()
      await browser.press('address', { address: 'a'.repeat(5_000) })
      expect(browser.status).toBe(403)
    })
  })

  it.each([
    ['an unknown interaction', '/oidc/interaction/nowhere', 'GET', 400],
    ['another method', '/oidc/interaction/nowhere', 'DELETE', 405],
  ])('is an error page for %s, and JSON where that is asked for', async (_name, path, method, status) => {
    const page = await fetch(`${auth.address}${path}`, { method, headers: { accept: 'text/html' } })
    expect({ status: page.status, type: page.headers.get('content-type') }).toEqual({ status, type: 'text/html; charset=utf-8' })
    const json = await fetch(`${auth.address}${path}`, { method, headers: { accept: 'application/json' } })
    expect(json.status).toBe(status)
    expect(await json.json()).toMatchObject({ errors: [{ message: expect.any(String), extensions: { code: 'BAD_USER_INPUT' } }] })
  })
})

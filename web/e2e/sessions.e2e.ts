import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launch, signIn, system } from './testkit/browser.ts'

/** Where somebody is signed in, and how that ends, as the dashboard shows it. */
describe('the sessions of a person', () => {
  let browser: Browser
  let contexts: BrowserContext[]
  let faults: string[]

  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser.close())
  beforeEach(() => {
    contexts = []
    faults = []
  })
  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()))
    expect(faults).toEqual([])
  })

  /** A browser profile of its own. */
  const openBrowser = async (options: { userAgent?: string } = {}): Promise<BrowserContext> => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
    context.setDefaultTimeout(20_000)
    contexts.push(context)
    context.on('weberror', (error) => faults.push(error.error().message))
    return context
  }
  const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0'

  it('are listed, and one that is ended from another browser says so at once', async () => {
    const [here, there] = [await (await openBrowser()).newPage(), await (await openBrowser({ userAgent: FIREFOX })).newPage()]
    await signIn(here, 'viewer@harbour.example')
    await signIn(there, 'viewer@harbour.example')
    // A page with a live part, so that a socket is open.
    await there.goto(`${system.url}/runs`)
    await there.getByRole('heading', { name: 'Runs', level: 1 }).waitFor()

    await here.goto(`${system.url}/settings`)
    const list = here.getByRole('list', { name: 'Where you are signed in' })
    const current = list.getByRole('listitem').filter({ hasText: 'This browser' })
    await current.waitFor()
    expect(await current.count()).toBe(1)
    expect(await current.innerText()).toMatch(/^Chrome on Linux\s+This browser\s+Signed in .* from 127\.0\.0\.1 · until /)
    const rows = await list.getByRole('listitem').count()
    await list.getByRole('button', { name: 'Sign out Firefox on Windows' }).first().click()
    await here.getByText('Firefox on Windows is signed out.').waitFor()
    await expectCount(list.getByRole('listitem'), rows - 1)

    await there.getByText('You have been signed out: this session was ended from another device').waitFor({ timeout: 3_000 })
    expect(new URL(there.url()).pathname).toBe('/sign-in')
    expect(new URL(there.url()).searchParams.get('next')).toBe('/runs')
    await there.getByRole('heading', { name: 'Sign in' }).waitFor()
    await here.reload()
    await current.waitFor()
  })

  it.each([
    ['the browser’s locks', false],
    ['a lease, on a page without locks', true],
  ])('go on in two tabs that renew them at the same time, by %s', async (_name, withoutLocks) => {
    const context = await openBrowser()
    if (withoutLocks) await context.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'locks'))
    const first = await context.newPage()
    await signIn(first, 'viewer@harbour.example')
    expect(await first.evaluate(() => 'locks' in navigator)).toBe(!withoutLocks)
    const tabs = [first, await context.newPage(), await context.newPage()]
    await context.clearCookies({ name: 'signalbox-access' })
    await Promise.all(tabs.map((tab) => tab.goto(`${system.url}/settings`)))
    await Promise.all(tabs.map((tab) => tab.getByText('Viewer at Harbour Bank').waitFor()))
    await context.clearCookies({ name: 'signalbox-access' })
    await first.reload()
    await first.getByText('Viewer at Harbour Bank').waitFor()
  })

  it('end everywhere but here when that is asked for', async () => {
    const here = await (await openBrowser()).newPage()
    await signIn(here, 'viewer@harbour.example')
    await here.goto(`${system.url}/settings`)
    await here.getByRole('button', { name: 'Sign out everywhere else' }).click()
    await here.getByText('You are signed in here only now.').waitFor()
    await expectCount(here.getByRole('list', { name: 'Where you are signed in' }).getByRole('listitem'), 1)
    await here.getByRole('button', { name: 'Sign out of this browser' }).click()
    await here.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await here.getByText('You have been signed out').count()).toBe(0)
  })
})

async function expectCount(rows: ReturnType<Page['getByRole']>, count: number) {
  await rows.nth(count - 1).waitFor()
  await rows.nth(count).waitFor({ state: 'detached' })
  expect(await rows.count()).toBe(count)
}

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { approve, launch, signIn, system } from './testkit/browser.ts'

/** The story of the product, as a person lives it in the dashboard. */
describe('the dashboard', () => {
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let faults: string[]

  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser.close())

  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
    context.setDefaultTimeout(20_000)
    page = await context.newPage()
    faults = []
    page.on('pageerror', (error) => faults.push(error.message))
    await signIn(page, 'owner@harbour.example')
  }, 60_000)
  afterEach(() => context.close())

  it('takes a run from its start through a decision to its value', async () => {
    const runUrl = await startRun(page)
    await page.getByText('A person decides here').waitFor()
    await page.getByRole('link', { name: 'Decide' }).click()
    await approve(page, async () => {
      await page.keyboard.press('a')
      await page.keyboard.press('Enter')
    })

    await page.goto(runUrl)
    await expectWholeTimeline(page)
    const [artifact] = await page.getByRole('main').locator('a[href^="/artifacts/"]').all()
    const href = await artifact!.getAttribute('href')
    expect((await page.request.get(new URL(href!, system.url).href)).status()).toBe(200)

    await page.getByRole('link', { name: 'Value' }).first().click()
    await page.getByText('Baseline ESTIMATED').first().waitFor()
    await page.getByText('Technical health', { exact: true }).click()
    await page.getByText(/p90/i).first().waitFor()
    expect(faults).toEqual([])
  }, 120_000)

  it('resumes the timeline after a cut, without a gap and without a duplicate', async () => {
    const runUrl = await startRun(page)
    await page.getByText('A person decides here').waitFor()
    const other = await context.newPage()
    await other.goto(runUrl)
    await other.getByText('A person decides here').waitFor()

    await change('stop', 'gateway')
    await page
      .getByText(/Reconnecting|Offline/i)
      .first()
      .waitFor()
    await change('start', 'gateway')
    await other.getByRole('link', { name: 'Decide' }).click()
    await approve(other)

    await expectWholeTimeline(page)
  }, 120_000)

  it('says how a run ended that ended after its state was read and before its log was', async () => {
    const runUrl = await startRun(page)
    const early = await context.newPage()
    const logMayBeRead = await holdBack(early, 'RunHistory')
    await early.goto(runUrl)
    await early.getByText('A person decides here').waitFor()
    await page.getByRole('link', { name: 'Decide' }).click()
    await approve(page)
    await page.goto(runUrl)
    await page.getByRole('status', { name: 'Run status' }).getByText('Succeeded').waitFor()

    logMayBeRead()
    await early.getByRole('status', { name: 'Run status' }).getByText('Succeeded').waitFor()
    await early.getByText('Decided by a person', { exact: true }).waitFor()
  }, 120_000)

  it('can be used at 390 pixels', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    await startRun(page)
    await page.getByText('A person decides here').waitFor()
    for (const path of ['/', '/runs', '/reviews', '/settings', new URL(page.url()).pathname]) {
      await page.goto(`${system.url}${path}`)
      await page.getByRole('main').waitFor()
      await page.waitForLoadState('networkidle').catch(() => {})
      const [content, width] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth])
      expect([path, content]).toEqual([path, width])
    }
  }, 120_000)
})

/** Starts a run that needs a person and returns the address of its page. */
async function startRun(page: Page): Promise<string> {
  await page.goto(`${system.url}/runs`)
  await page.getByRole('button', { name: 'Start a run' }).first().click()
  await page.getByRole('dialog').getByRole('textbox').first().fill('You charged me twice, I want a refund for the second payment')
  await page.getByRole('dialog').getByRole('button', { name: 'Start', exact: true }).click()
  await page.waitForURL(/\/runs\/[\w-]{10,}/)
  return page.url()
}

/** Holds back an operation of the page until the answer is called. */
async function holdBack(page: Page, operationName: string): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  await page.route('**/graphql', async (route) => {
    const body = route.request().postDataJSON() as { operationName?: string }
    if (body.operationName === operationName) await promise
    await route.continue()
  })
  return resolve
}

/** When the run has ended, the page has as many entries as the log, each once. */
async function expectWholeTimeline(page: Page) {
  await page.getByRole('list', { name: 'Transitions' }).locator('[data-kind="SUCCEEDED"]').waitFor()
  const { lastSeq, status } = await page.evaluate(async (id) => {
    const query = `query ($id: ID!) { run(id: $id) { lastSeq status } }`
    const headers = { 'content-type': 'application/json', 'x-signalbox-csrf': '1' }
    const response = await fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query, variables: { id } }) })
    return ((await response.json()) as { data: { run: { lastSeq: number; status: string } } }).data.run
  }, new URL(page.url()).pathname.split('/').at(-1))
  expect(status).toBe('SUCCEEDED')
  await page.getByText(`${lastSeq} transitions`, { exact: true }).waitFor()
  expect(await page.getByRole('list', { name: 'Transitions' }).getByRole('listitem').count()).toBe(lastSeq)
}

async function change(action: 'stop' | 'start', part: string) {
  const response = await fetch(`${system.controlUrl}/${action}/${part}`, { method: 'POST' })
  if (!response.ok) throw new Error(`${action} ${part}: ${await response.text()}`)
}

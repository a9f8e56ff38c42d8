import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { approve, launch, signIn, system } from './testkit/browser.ts'

/** What a person does about a run that failed, and how another way is tried from a saved state. */
describe('control of runs', () => {
  let browser: Browser
  let page: Page
  const faults: string[] = []
  let connected = false

  beforeAll(async () => {
    browser = await launch()
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    page.setDefaultTimeout(20_000)
    page.on('pageerror', (error) => faults.push(error.message))
    await signIn(page, 'owner@harbour.example')
  }, 60_000)
  afterAll(async () => {
    if (connected) await disconnect().catch(() => {})
    await browser.close()
  })

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' })
  const dialog = () => page.getByRole('dialog')

  it('retries the runs of a group once its cause is mended, and branches off a run of its own', async () => {
    await connectToNowhere()
    const runUrl = await startRun('You charged me twice, I want a refund for the second payment')
    await decide()
    await page.goto(runUrl)
    await page.getByText('A connected system did not take it').waitFor()
    await page.getByText('The result was stored, but n8n was not told.', { exact: false }).waitFor()

    await page.goto(`${system.url}/runs`)
    await page.getByRole('link', { name: 'Needs attention' }).click()
    const group = page.getByRole('listitem').filter({ hasText: 'The webhook was not called' })
    await group.getByText('one run', { exact: true }).waitFor()
    await disconnect()
    await page.reload()
    await group.getByRole('button', { name: 'Retry one run' }).click()
    await page.getByText('Nothing needs attention').waitFor()

    await page.goto(runUrl)
    await page.getByRole('status', { name: 'Run status' }).getByText('Succeeded').waitFor()
    await page.getByRole('region', { name: 'Saved states' }).getByRole('button', { name: 'Show' }).click()
    await button('Branch off before “Act”').click()
    const field = dialog().getByLabel('What it knows by then')
    const state = await field.inputValue()
    await field.fill(state.replace(/"reply": "[^"]*"/g, '"reply": "Another answer."'))
    await dialog()
      .getByText(/changes?$/)
      .waitFor()
    await dialog().getByRole('button', { name: 'Branch off', exact: true }).click()
    await page.waitForURL((url) => url.href !== runUrl)
    await page.getByRole('status', { name: 'Run status' }).getByText('Succeeded').waitFor()
    await page.getByText('Another answer.').first().waitFor()
    await page.getByRole('region', { name: 'Related runs' }).getByText('Branched off from').waitFor()
    expect(faults).toEqual([])
  }, 120_000)

  it('pauses and cancels many at once, after saying what that does', async () => {
    await startRun('I want a refund for the payment of Monday', 'Before others')
    await page.getByRole('definition').filter({ hasText: /^10$/ }).waitFor()
    await page.getByText('A person decides here').waitFor()
    await button('Pause').click()
    await page.getByRole('status', { name: 'Run status' }).getByText('Paused').waitFor()
    await button('Resume').click()
    await page.getByText('A person decides here').waitFor()

    await page.goto(`${system.url}/runs?status=person&q=Monday`)
    await page.getByRole('checkbox', { name: 'Select I want a refund for the payment of Monday' }).click()
    await button('Actions').click()
    await page.getByRole('menuitem', { name: 'Cancel' }).click()
    await dialog().getByText('Each stops for good').waitFor()
    await dialog().getByRole('button', { name: 'Cancel one run' }).click()
    await dialog().getByText('Done: one run cancelled.').waitFor()
    expect(faults).toEqual([])
  }, 120_000)

  async function connectToNowhere() {
    await page.goto(`${system.url}/settings/connections`)
    await button('Connect the n8n webhook').click()
    await page.getByLabel('Production URL of the webhook').fill('https://127.0.0.1/webhook/1')
    await button('Save').click()
    await page.getByText('no header').waitFor()
    connected = true
  }

  async function disconnect() {
    const back = page.url()
    await page.goto(`${system.url}/settings/connections`)
    await button('Delete the n8n webhook').click()
    await button('Delete').click()
    await button('Connect the n8n webhook').waitFor()
    connected = false
    await page.goto(back)
  }

  async function startRun(text: string, priority = 'In its turn'): Promise<string> {
    await page.goto(`${system.url}/runs`)
    await button('Start a run').first().click()
    await dialog().getByRole('textbox').first().fill(text)
    await dialog().getByLabel('Priority').click()
    await page.getByRole('option', { name: priority }).click()
    await dialog().getByRole('button', { name: 'Start', exact: true }).click()
    await page.waitForURL(/\/runs\/[\w]{8}-[\w-]{10,}/)
    return page.url()
  }

  /** Approves what the run asks; the queue then moves on. */
  async function decide() {
    await page.getByRole('link', { name: 'Decide' }).click()
    await approve(page)
  }
})

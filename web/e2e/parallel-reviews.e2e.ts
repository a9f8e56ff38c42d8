import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { approve, launch, signIn, system } from './testkit/browser.ts'

const review = (name: string, question: string) => ({ name, kind: 'review', question, proposal: { text: 'input.text' } })

/** Asks two things at once, and goes on when both are answered. */
const definition = {
  input: { type: 'object', required: ['text'], properties: { text: { type: 'string' } }, additionalProperties: false },
  output: { type: 'object' },
  nodes: [
    { name: 'begin', kind: 'transform', set: { text: 'input.text' } },
    review('tone', 'Is the tone right?'),
    review('price', 'Is the price right?'),
    { name: 'gather', kind: 'transform', set: { both: 'tone.action + " and " + price.action' }, join: 'all' },
  ],
  edges: [
    { from: '__start__', to: 'begin' },
    { from: 'begin', to: 'tone' },
    { from: 'begin', to: 'price' },
    { from: 'tone', to: 'gather' },
    { from: 'price', to: 'gather' },
    { from: 'gather', to: '__end__' },
  ],
  result: { both: 'gather.both' },
}

describe('reviews that a run asks for at once', () => {
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    browser = await launch()
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    page.setDefaultTimeout(20_000)
    await signIn(page, 'admin@northwind.example')
  }, 60_000)
  afterAll(() => browser.close())

  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const asked = (question: string) => page.getByRole('alert').filter({ hasText: question })

  it('stand on the run’s page until each is decided, by itself', async () => {
    const name = `Offer ${Date.now()}`
    await page.goto(`${system.url}/workflows`)
    await button('New workflow').click()
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name)
    await button('Write it').click()
    await page.getByLabel('Definition', { exact: true }).fill(JSON.stringify(definition, null, 2))
    await page.getByText('Nothing is wrong: this can be published.').waitFor()
    await button('Publish …').click()
    await page.getByLabel('What changed, and why').fill('Two questions at once.')
    await button('Publish').click()
    await page.getByRole('heading', { name, level: 1 }).waitFor()

    await page.goto(`${system.url}/runs`)
    await button('Start a run').first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Workflow').click()
    await page.getByRole('option', { name }).click()
    await dialog.getByRole('textbox').first().fill('We repair your bicycle for 40 €.')
    await dialog.getByRole('button', { name: 'Start', exact: true }).click()
    await page.waitForURL(/\/runs\/[\w]{8}-[\w-]{10,}/)
    const runUrl = page.url()

    await asked('Is the price right?').waitFor()
    await asked('Is the tone right?').getByRole('link', { name: 'Decide' }).click()
    await approve(page)
    await page.goto(runUrl)
    await asked('Is the price right?').waitFor()
    expect(await asked('Is the tone right?').count()).toBe(0)
    await page.getByRole('status', { name: 'Run status' }).getByText('Needs a person').waitFor()
    await asked('Is the price right?').getByRole('link', { name: 'Decide' }).click()
    await approve(page)
    await page.goto(runUrl)
    await page.getByRole('status', { name: 'Run status' }).getByText('Succeeded').waitFor()
    await page.getByText('APPROVE and APPROVE').first().waitFor()
    expect(await page.getByText('A person decides here').count()).toBe(0)
  }, 120_000)
})

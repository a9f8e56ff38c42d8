import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { launch, signIn, system } from './testkit/browser.ts'

/** In the agency: nothing runs there that a changed workflow could disturb. */
describe('Workflows', () => {
  let browser: Browser
  let page: Page
  const faults: string[] = []

  beforeAll(async () => {
    browser = await launch()
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    page.setDefaultTimeout(20_000)
    page.on('pageerror', (error) => faults.push(error.message))
    await signIn(page, 'admin@northwind.example')
  }, 60_000)
  afterAll(() => browser.close())

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' })
  const editor = () => page.getByLabel('Definition', { exact: true })
  const rewrite = async (from: string, to: string) => editor().fill((await editor().inputValue()).replace(from, to))
  const publish = async (note: string) => {
    await page.getByText('Nothing is wrong: this can be published.').waitFor()
    await button('Publish …').click()
    await page.getByLabel('What changed, and why').fill(note)
    await button('Publish').click()
    await page.getByText(note).waitFor()
  }

  it('are drafted, mended, published, compared and brought back', async () => {
    const name = `Complaints ${Date.now()}`
    await page.goto(`${system.url}/workflows`)
    await button('New workflow').click()
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name)
    await button('Write it').click()

    await page.getByText('Nothing is wrong').waitFor()
    await rewrite('"to": "review",', '"to": "reviews",')
    await page.getByRole('list', { name: 'Faults' }).getByText('is no step; the steps are decide and review').waitFor()
    expect(await button('Publish …').isDisabled()).toBe(true)
    const marked = await page.locator('[data-fault]').allInnerTexts()
    const lines = (await editor().inputValue()).split('\n')
    expect(marked.map((line) => lines[Number(line) - 1]!.trim())).toContain('"to": "reviews",')
    await rewrite('"to": "reviews",', '"to": "review"')
    await page.getByText('The text is no JSON here').waitFor()
    await rewrite('"to": "review"', '"to": "review",')
    await publish('The first one.')

    await page.getByRole('heading', { name, level: 1 }).waitFor()
    await page.getByRole('listitem').filter({ hasText: 'Version 1' }).getByText('Current').waitFor()
    await page.getByRole('link', { name: 'Change it' }).click()
    await rewrite('A person looks at it.', 'Somebody of the complaints desk looks at it.')
    await button('Save the draft').click()
    await button('Saved').waitFor()
    await page.reload()
    expect(await editor().inputValue()).toContain('complaints desk')
    await publish('The desk decides.')

    await page.getByRole('link', { name: 'Compare version 1 with the current one' }).click()
    await page.getByText('One difference').waitFor()
    await page.getByLabel('Before').getByText('A person looks at it.').waitFor()
    await page.getByLabel('After').getByText('Somebody of the complaints desk looks at it.').waitFor()
    await page.goBack()

    await button('Bring back version 1').click()
    await page.getByLabel('Why (optional)').fill('Too many complaints.')
    await button('Bring it back').click()
    const third = page.getByRole('listitem').filter({ hasText: 'Version 3' })
    await third.getByText('Brings back version 1').waitFor()
    await third.getByText('Current').waitFor()
    expect(faults).toEqual([])
  }, 120_000)
})

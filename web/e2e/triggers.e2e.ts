import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { launch, signIn, system } from './testkit/browser.ts'

describe('Triggers', () => {
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    browser = await launch()
    page = await browser.newPage()
    await signIn(page, 'owner@harbour.example')
  }, 60_000)
  afterAll(() => browser.close())

  it('adds a schedule, tells when it comes, and runs it at once', async () => {
    const button = (name: string) => page.getByRole('button', { name, exact: true })
    await page.goto(`${system.url}/triggers`)
    await button('Add a schedule').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Monday look')
    await dialog.getByText('Every Monday at 08:00').waitFor()
    await dialog.getByLabel('How often').click()
    await page.getByRole('option', { name: 'In another way' }).click()
    await dialog.getByLabel('Cron').fill('0 0 30 2 *')
    await dialog.getByText(/there is no day 30 in February/).waitFor()
    expect(await button('Save').isDisabled()).toBe(true)
    await dialog.getByLabel('Cron').fill('30 9 * * MON-FRI')
    await dialog.getByText('Every weekday at 09:30').waitFor()
    await dialog.getByLabel('Message').fill('Where is the card that I ordered?')
    await button('Save').click()

    const card = page.getByRole('listitem').filter({ hasText: 'Monday look' })
    await card.getByText('Every weekday at 09:30').waitFor()
    expect((await card.innerText()).match(/09:30/g)!.length).toBe(4)
    await button('Pause Monday look').click()
    await card.getByText('nothing while it is paused').waitFor()
    await button('Run Monday look now').click()
    await page.waitForURL(/\/runs\/[\w-]{36}$/)
    await page.getByText('Where is the card that I ordered?').first().waitFor()

    await page.goto(`${system.url}/triggers`)
    await button('Delete Monday look').click()
    await button('Delete').click()
    await card.waitFor({ state: 'detached' })
  })
})

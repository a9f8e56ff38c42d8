import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { launch, signIn, system } from './testkit/browser.ts'

/** In the agency: nothing runs there that could meet these connections. */
describe('Settings, Connections', () => {
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    browser = await launch()
    page = await browser.newPage()
    await signIn(page, 'admin@northwind.example')
  }, 60_000)
  afterAll(() => browser.close())

  it('connects, replaces, tries and deletes an n8n webhook, and shows nothing of its secret', async () => {
    const secret = 'header-value-that-nobody-sees-again'
    const button = (name: string) => page.getByRole('button', { name, exact: true })
    await page.goto(`${system.url}/settings/connections`)
    await button('Connect the n8n webhook').click()
    await page.getByLabel('Production URL of the webhook').fill('http://n8n.example.com/webhook/1')
    await button('Save').click()
    await page.getByText('The address must begin with https://.').waitFor()
    await page.getByLabel('Production URL of the webhook').fill('https://127.0.0.1/webhook/1')
    await page.getByLabel('Header name (optional)').fill('X-Key')
    await page.getByLabel('Header value (optional)').fill(secret)
    await button('Save').click()

    await page.getByText('header X-Key, ending in …gain').waitFor()
    expect(await page.content()).not.toContain(secret)
    await button('Test the connection to the n8n webhook').click()
    await page.getByText('The webhook was not called. The address does not lead to the public internet.').waitFor()

    await button('Replace the n8n webhook').click()
    await page.getByLabel('Production URL of the webhook').fill('https://n8n.example.com/webhook/2')
    await button('Save').click()
    await page.getByText('no header').waitFor()
    expect(await page.getByText('The webhook was not called.').count()).toBe(0)

    await button('Delete the n8n webhook').click()
    await button('Delete').click()
    await button('Connect the n8n webhook').waitFor()
  })

  it('connects a model of either provider, and says which one is used', async () => {
    const button = (name: string) => page.getByRole('button', { name, exact: true })
    const connect = async (name: string, model: string) => {
      await button(`Connect ${name}`).click()
      await page.getByLabel('API key').fill('key-that-nobody-sees-again')
      await page.getByRole('textbox', { name: 'Model' }).fill(model)
      await button('Save').click()
      await page.getByText(`${model}, key ending in …gain`).waitFor()
    }
    await page.goto(`${system.url}/settings/connections`)
    await connect('the Anthropic model', 'claude-haiku-4-5')
    await connect('the OpenAI model', 'gpt-4.1-mini')
    expect(await page.getByText('it was saved last').count()).toBe(1)
    expect(await page.getByText('Your other model was saved later').count()).toBe(1)
    for (const name of ['the Anthropic model', 'the OpenAI model']) {
      await button(`Delete ${name}`).click()
      await button('Delete').click()
      await button(`Connect ${name}`).waitFor()
    }
  })
})

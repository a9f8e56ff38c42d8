import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { launch, signIn, system } from './testkit/browser.ts'

/** In the agency: nothing runs there that could meet this tool. */
describe('Settings, Connections, Tools', () => {
  let browser: Browser
  let page: Page
  let server: Server

  beforeAll(async () => {
    const back = `${system.url}/settings/connections/authorized?state=of-somebody-else&code=1`
    server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end(`<a href="${back}">Agree</a>`)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    browser = await launch()
    page = await browser.newPage()
    await signIn(page, 'admin@northwind.example')
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    server.close()
  })

  const port = () => (server.address() as AddressInfo).port

  it('adds a tool, shows what it would send, is refused a private network, switches it off and deletes it', async () => {
    const button = (name: string) => page.getByRole('button', { name, exact: true })
    await page.goto(`${system.url}/settings/connections`)
    await button('Add a tool').click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Look up order')
    await page.getByText('Automations call it look_up_order.').waitFor()
    await page.getByLabel('What it does').fill('Looks up an order in the shop.')
    const address = page.getByRole('textbox', { name: 'Address' })
    await address.fill('http://shop.example.com/orders/{{order}}')
    await button('Save').click()
    await page.getByText('The address must begin with https://.').waitFor()
    await address.fill('https://127.0.0.1/orders/{{order}}?by={{who}}')
    await button('Save').click()

    await button('Try look_up_order').click()
    await page.getByRole('textbox', { name: 'Order' }).fill('A/17')
    await button('Show what would be sent').click()
    await page.getByText('This is needed.').waitFor()
    await page.getByRole('textbox', { name: 'Who' }).fill('Ann')
    await button('Show what would be sent').click()
    await page.getByText('Would send GET to 127.0.0.1. Nothing was sent.').waitFor()
    await page.getByText('https://127.0.0.1/orders/A%2F17?by=Ann').waitFor()
    await button('Do it now').click()
    await page.getByText('Nothing was sent. The address does not lead to the public internet.').waitFor()
    await button('Close').click()

    await button('Change look_up_order').click()
    await address.fill(`https://127.0.0.1:${port()}/orders`)
    await button('Save').click()
    await page.getByText('The address must use port 443.').waitFor()
    await button('Cancel').click()
    await page.getByRole('switch', { name: 'look_up_order is in use' }).click()
    await page.getByText('Switched off').waitFor()
    await button('Delete look_up_order').click()
    await button('Delete').click()
    await page.getByText('No tools yet').waitFor()
  })

  it('takes people back from the other site of an account, signed in, and nothing that they did not begin', async () => {
    // Another site to the browser: cookies that are strictly for ours are not sent with the way back.
    await page.goto(`http://localhost:${port()}/`)
    await page.getByRole('link', { name: 'Agree' }).click()
    await page.getByText('This answer of the provider does not belong to anything that you began here').waitFor()
    expect(page.url()).toBe(`${system.url}/settings/connections/authorized`)
    await page.getByRole('link', { name: 'Back to Connections' }).click()
    await page.getByText('No tools yet').waitFor()
  })
})

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { codeFor, launch, mailTo, signIn, system } from './testkit/browser.ts'

/** Who may do what, as an owner and an agency's administrator settle it in the dashboard. */
describe('the settings', () => {
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
  afterEach(() => Promise.all(contexts.map((context) => context.close())))

  /** A page in a browser profile of its own. */
  const openBrowser = async (): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
    context.setDefaultTimeout(20_000)
    contexts.push(context)
    const page = await context.newPage()
    page.on('pageerror', (error) => faults.push(error.message))
    return page
  }

  it('let an owner invite, promote and remove somebody, whose open page follows within seconds', async () => {
    const owner = await openBrowser()
    await signIn(owner, 'owner@harbour.example')
    const address = `nora.new-${Date.now()}@harbour.example`
    const asked = Date.now()
    await owner.goto(`${system.url}/settings/members`)
    await owner.getByRole('button', { name: 'Invite' }).click()
    await owner.getByLabel('E-mail address').fill(address)
    await owner.getByLabel('Name (optional)').fill('Nora New')
    await owner.getByRole('radio', { name: 'Reviewer' }).check()
    await owner.getByRole('button', { name: 'Send the invitation' }).click()
    await owner.getByText(`An invitation is on its way to ${address}.`).waitFor()
    await owner.getByRole('list', { name: 'Invitations' }).getByText(address).waitFor()

    const { text } = await mailTo(address, asked)
    const link = /https?:\/\/\S+\/invitations\/\S+/.exec(text)![0]
    await owner.goto(link)
    await owner.getByText('This invitation is for another address.').waitFor()
    const guest = await openBrowser()
    await guest.goto(link)
    await guest.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await guest.getByLabel('E-mail address').inputValue()).toBe(address)
    const sentAt = Date.now()
    await guest.getByRole('button', { name: 'Send the code' }).click()
    await guest.getByLabel('Six-digit code').fill(await codeFor(address, sentAt))
    await guest.getByRole('heading', { name: 'Value', level: 1 }).waitFor()

    await guest.goto(`${system.url}/settings`)
    await guest.getByText('Reviewer at Harbour Bank').waitFor()
    expect(await guest.getByRole('navigation', { name: 'Settings' }).getByRole('link').allInnerTexts()).toEqual([
      'Your profile',
      'Members',
    ])
    await guest.getByRole('link', { name: 'Members' }).click()
    await guest.getByRole('list', { name: 'Members' }).getByText('Nora New').waitFor()
    expect(await guest.getByRole('button', { name: 'Invite' }).count()).toBe(0)
    await guest.goto(`${system.url}/settings/organization`)
    await guest.getByText('This is not open to you').waitFor()
    await guest.goto(`${system.url}/settings`)
    await guest.getByText('Live', { exact: true }).waitFor()

    await owner.goto(`${system.url}/settings/members`)
    await owner.getByRole('button', { name: 'Change the role of Nora New' }).click()
    await owner.getByRole('radio', { name: 'Owner' }).check()
    await owner.getByRole('button', { name: 'Change the role' }).last().click()
    await owner.getByText('Nora New has another role now.').waitFor()
    await guest.getByText('Owner at Harbour Bank').waitFor()
    await guest.getByRole('link', { name: 'Organisation' }).waitFor()

    await owner.getByRole('button', { name: 'Remove Nora New' }).click()
    await owner.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await owner.getByText('Nora New has no access to Harbour Bank any more.').waitFor()
    await guest.waitForURL(/\/sign-in/, { timeout: 5_000 })
    await guest.goto(link)
    await guest.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(faults).toEqual([])
  }, 120_000)

  it('let a program in, whose secret is shown once and works until it is revoked', async () => {
    const page = await openBrowser()
    await signIn(page, 'owner@harbour.example')
    const name = `n8n ${Date.now()}`
    await page.goto(`${system.url}/settings/service-clients`)
    await page.getByRole('button', { name: 'Let a program in' }).click()
    await page.getByLabel('Name').fill(name)
    await page.getByLabel('See what the automations are worth').check()
    await page.getByRole('button', { name: 'Let it in' }).click()
    const dialog = page.getByRole('dialog', { name: `The secret of ${name}` })
    const clientId = await dialog.getByLabel('Client ID', { exact: true }).innerText()
    const secret = await dialog.getByLabel('Secret', { exact: true }).innerText()
    await page.keyboard.press('Escape')
    await dialog.getByText('shown here only once').waitFor()
    await dialog.getByRole('button', { name: 'I have stored the secret' }).click()
    const card = page.getByRole('list', { name: 'Programs' }).getByRole('listitem').filter({ hasText: name })
    await card.getByText('Active').waitFor()
    expect(await page.getByText(secret).count()).toBe(0)

    const first = await tokenOf(clientId, secret)
    expect(first.status).toBe(200)
    const bearer = { authorization: `Bearer ${first.body.access_token}`, 'content-type': 'application/json' }
    const ask = () =>
      fetch(`${system.url}/graphql`, { method: 'POST', headers: bearer, body: '{"query":"{ viewer { scopes } }"}' })
    expect(await (await ask()).json()).toEqual({ data: { viewer: { scopes: ['kpi:read', 'wrm:read'] } } })

    await card.getByRole('button', { name: `Revoke ${name}` }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await card.waitFor({ state: 'detached' })
    expect((await tokenOf(clientId, secret)).status).toBe(401)
    expect(faults).toEqual([])
  }, 120_000)

  it('let an agency take on a client with its first owner, and go on there', async () => {
    const page = await openBrowser()
    await signIn(page, 'admin@northwind.example')
    const name = `Meadow ${Date.now()}`
    const asked = Date.now()
    const address = `owner-${Date.now()}@meadow.example`
    await page.goto(`${system.url}/settings/organization`)
    await page.getByRole('button', { name: 'Add a client' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill(name)
    await page.getByLabel('First owner’s e-mail address (optional)').fill(address)
    await page.getByRole('button', { name: 'Add the client' }).click()
    await page.getByText(`${name} is a client now. ${address} is invited.`).waitFor()
    expect((await mailTo(address, asked)).subject).toBe(`${name} invites you to Signalbox`)
    await page.getByRole('button', { name: `Switch to ${name}` }).click()
    await page.getByRole('button', { name: `Organisation: ${name}, switch` }).waitFor()
    expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe(name)
    await page.getByRole('link', { name: 'Members' }).click()
    await page.getByText('Nobody yet').waitFor()
    await page.getByText('Northwind Automation runs your automations.').waitFor()
    expect(faults).toEqual([])
  }, 120_000)

  it('let an owner say how many runs may go on, and lift that again', async () => {
    const page = await openBrowser()
    await signIn(page, 'owner@harbour.example')
    await page.goto(`${system.url}/settings/organization`)
    const limit = page.getByLabel('Runs at the same time')
    const panel = page.getByRole('region', { name: 'Limits for runs' })
    const save = () => panel.getByRole('button', { name: 'Save the limits' }).click()
    await limit.fill('20000')
    await save()
    await panel.getByText('must be from 1 to 10,000').first().waitFor()
    await limit.fill('50')
    await save()
    await panel.getByText('Saved.').waitFor()
    await page.reload()
    await limit.waitFor()
    expect(await limit.inputValue()).toBe('50')
    await limit.fill('')
    await save()
    await panel.getByText('Saved.').waitFor()
    await page.reload()
    await limit.waitFor()
    expect(await limit.inputValue()).toBe('')
    expect(faults).toEqual([])
  }, 120_000)

  it('can be used at 390 pixels and by keyboard', async () => {
    const page = await openBrowser()
    await page.setViewportSize({ width: 390, height: 844 })
    await signIn(page, 'owner@harbour.example')
    for (const path of ['/settings', '/settings/members', '/settings/organization', '/settings/service-clients']) {
      await page.goto(`${system.url}${path}`)
      await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor()
      await page.waitForLoadState('networkidle').catch(() => {})
      const [content, width] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth])
      expect([path, content]).toEqual([path, width])
    }
    await page.getByRole('link', { name: 'Members' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Members', level: 1 }).waitFor()
    await page.getByRole('button', { name: 'Invite' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('Enter')
    const address = `pocket-${Date.now()}@harbour.example`
    await page.keyboard.type(address)
    await page.keyboard.press('Enter')
    const row = page.getByRole('list', { name: 'Invitations' }).getByRole('listitem').filter({ hasText: address })
    await row.getByRole('button', { name: 'Withdraw' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click()
    await page.getByText(`The invitation of ${address} works no more.`).waitFor()
    await row.waitFor({ state: 'detached' })
    expect(faults).toEqual([])
  }, 120_000)
})

async function tokenOf(clientId: string, secret: string): Promise<{ status: number; body: { access_token?: string } }> {
  const response = await fetch(`${system.url}/oidc/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  return { status: response.status, body: (await response.json()) as { access_token?: string } }
}

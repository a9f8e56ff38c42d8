import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createHash, randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { codeFor, launch, system } from './testkit/browser.ts'

const OWNER = 'owner@harbour.example'
const verifier = randomBytes(32).toString('base64url')

/** The pages on which people sign in to another application, in a real browser: its content policy is what a test of headers cannot see. */
describe('signing in to an application on one’s own computer', () => {
  let browser: Browser
  let page: Page
  let application: Server
  let clientId: string
  const faults: string[] = []
  beforeAll(async () => {
    application = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<h1>Back home</h1>'))
    await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve))
    clientId = await register()
    browser = await launch()
    page = await browser.newPage()
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
    page.on('pageerror', (error) => faults.push(error.message))
  })
  afterAll(async () => {
    await browser.close()
    await new Promise((resolve) => application.close(resolve))
  })

  const callback = () => `http://127.0.0.1:${(application.address() as AddressInfo).port}/callback`
  const request = () =>
    `${system.url}/oidc/auth?${new URLSearchParams({
      client_id: clientId,
      redirect_uri: callback(),
      response_type: 'code',
      scope: 'openid wrm:read kpi:read',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    })}`

  it('takes an address, a code and a consent, and leads back to the application', async () => {
    await page.goto(request())
    const asked = Date.now()
    await page.getByLabel('E-mail address').fill(OWNER)
    await page.keyboard.press('Enter')
    await page.getByLabel('Six-digit code').fill(await codeFor(OWNER, asked))
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Allow Desk tool?', level: 1 }).waitFor()
    expect(await page.getByRole('listitem').allTextContents()).toEqual([
      'know that it is you',
      'see workflows and their runs, with what went in and came out',
      'see what the workflows are worth: times, savings, quality',
    ])
    await page.getByRole('button', { name: 'Allow', exact: true }).click()
    await page.getByRole('heading', { name: 'Back home' }).waitFor()
    const { origin, pathname, searchParams } = new URL(page.url())
    expect({ at: `${origin}${pathname}`, code: searchParams.get('code') }).toEqual({ at: callback(), code: expect.any(String) })
    expect(faults).toEqual([])
  })

  it('leads back without a code when the person does not allow it', async () => {
    await page.goto(request())
    await page.getByRole('button', { name: 'Do not allow' }).click()
    await page.getByRole('heading', { name: 'Back home' }).waitFor()
    expect(new URL(page.url()).searchParams.get('error')).toBe('access_denied')
    expect(faults).toEqual([])
  })

  async function register(): Promise<string> {
    const cookies = new Map<string, string>()
    const call = async (query: string, variables: object) => {
      const response = await fetch(`${system.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-signalbox-csrf': '1',
          cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        },
        body: JSON.stringify({ query, variables }),
      })
      for (const cookie of response.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!
        cookies.set(name!, value!)
      }
      const { data, errors } = (await response.json()) as { data: Record<string, never>; errors?: object[] }
      if (errors) throw new Error(JSON.stringify(errors))
      return data
    }
    const asked = Date.now()
    const ask = 'mutation ($input: RequestOtpInput!) { requestOtp(input: $input) { challengeId } }'
    const { requestOtp } = (await call(ask, { input: { channel: 'EMAIL', address: OWNER } })) as never as {
      requestOtp: { challengeId: string }
    }
    const answer = 'mutation ($input: VerifyOtpInput!) { verifyOtp(input: $input) { viewer { role } } }'
    await call(answer, { input: { challengeId: requestOtp.challengeId, code: await codeFor(OWNER, asked) } })
    const create =
      'mutation ($input: CreateServiceClientInput!) { createServiceClient(input: $input) { serviceClient { clientId } } }'
    const input = {
      name: 'Desk tool',
      kind: 'PUBLIC',
      scopes: ['wrm:read', 'kpi:read'],
      redirectUris: ['http://127.0.0.1/callback'],
    }
    const { createServiceClient } = (await call(create, { input })) as never as {
      createServiceClient: { serviceClient: { clientId: string } }
    }
    return createServiceClient.serviceClient.clientId
  }
})

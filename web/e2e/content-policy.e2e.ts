import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DEMO } from '@signalbox/shared/demo'
import type { Browser, Page } from 'playwright-core'
import { launch, signIn, system } from './testkit/browser.ts'

declare global {
  interface Window {
    violations: string[]
  }
}

describe('the content security policy', () => {
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    browser = await launch()
    page = await browser.newPage()
    await page.addInitScript(() => {
      window.violations = []
      addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
        window.violations.push(`${violatedDirective} ${blockedURI} ${sample}`),
      )
    })
    await signIn(page, DEMO.users.owner)
  }, 60_000)
  afterAll(() => browser.close())

  it.each(['/', '/runs', '/reviews', '/settings', '/settings/members'])(
    'is kept by the page %s, styles and all',
    async (path) => {
      await page.goto(system.url + path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      expect(await page.evaluate(() => window.violations)).toEqual([])
      // MUI's styles are there: without them the body has the browser's own margin.
      expect(await page.evaluate(() => getComputedStyle(document.body).margin)).toBe('0px')
    },
  )

  it('lets in neither foreign scripts nor styles nor frames of anybody', async () => {
    await page.goto(system.url)
    const reported = page.evaluate(() => {
      const style = document.createElement('style')
      style.textContent = 'body { margin: 7px }'
      document.head.append(style)
      const frame = document.createElement('iframe')
      frame.src = 'https://evil.example/'
      document.body.append(frame)
      const script = document.createElement('script')
      return new Promise<string[]>((resolve) => {
        const directives = new Set<string>()
        addEventListener('securitypolicyviolation', ({ violatedDirective }) => {
          directives.add(violatedDirective)
          if (directives.size === 3) resolve([...directives].sort())
        })
        try {
          script.src = 'https://evil.example/evil.js'
        } catch {
          // Trusted Types let no script's address be set by a string.
        }
      })
    })
    expect(await reported).toEqual(['frame-src', 'require-trusted-types-for', 'style-src-elem'])
  })

  it('has another nonce in every answer', async () => {
    const nonceOf = async () => {
      const { headers } = await fetch(system.url, { headers: { accept: 'text/html' } })
      return /'nonce-([^']+)'/.exec(headers.get('content-security-policy') ?? '')![1]!
    }
    const [one, two] = [await nonceOf(), await nonceOf()]
    expect(one).toMatch(/^[\w+/]{22}==$/)
    expect(one).not.toBe(two)
  })
})

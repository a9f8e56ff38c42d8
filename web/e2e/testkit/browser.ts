import { chromium, type Browser, type Page } from 'playwright-core'
import { CHROMIUM_FLAGS, findChromium } from '../../../infra/testing/chromium.ts'

function required(name: string): string {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set: run browser tests through "npm test"`)
  return value
}

/** The dashboard under test and the inbox that its codes go to. */
export const system = {
  url: required('SIGNALBOX_URL'),
  inboxUrl: required('SIGNALBOX_INBOX_URL'),
  controlUrl: required('SIGNALBOX_CONTROL_URL'),
}

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: findChromium(), args: CHROMIUM_FLAGS })

/** Signs in as a person does: address, code from the inbox. */
export async function signIn(page: Page, address: string): Promise<void> {
  await page.goto(system.url)
  const asked = Date.now()
  await page.getByLabel('E-mail address').fill(address)
  await page.getByRole('button', { name: 'Send the code' }).click()
  await page.getByLabel('Six-digit code').fill(await codeFor(address, asked))
  await page.keyboard.press('Enter').catch(() => {})
  await page.getByRole('heading', { name: 'Value', level: 1 }).waitFor()
}

/** Approves the review that the page shows, by its button or another way; the page then moves on. */
export async function approve(page: Page, act?: () => Promise<void>): Promise<void> {
  const button = page.getByRole('button', { name: /Approve/ })
  await button.waitFor()
  const review = page.url()
  await (act ? act() : button.click())
  await page.waitForURL((url) => url.href !== review)
}

export interface Mail {
  to: string
  subject: string
  text: string
  at: string
}

/** The first mail to an address since a moment that the test looks for; waits for it. */
export async function mailTo(address: string, since: number, wanted: (mail: Mail) => boolean = () => true): Promise<Mail> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const mails = (await (await fetch(`${system.inboxUrl}/api/messages`)).json()) as Mail[]
    const mail = mails.find((one) => one.to.includes(address) && Date.parse(one.at) >= since && wanted(one))
    if (mail !== undefined) return mail
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`no such mail to ${address} in the inbox`)
}

/** The six digits that were mailed to an address since a moment. */
export async function codeFor(address: string, since: number): Promise<string> {
  const { subject } = await mailTo(address, since, (mail) => /^\d{6} /.test(mail.subject))
  return subject.slice(0, 6)
}

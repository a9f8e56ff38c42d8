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

async function codeFor(address: string, since: number): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const response = await fetch(`${system.inboxUrl}/api/messages`)
    const mails = (await response.json()) as { to: string; subject: string; at: string }[]
    const mail = mails.find(({ to, at }) => to.includes(address) && Date.parse(at) >= since)
    const code = mail && /\d{6}/.exec(mail.subject)?.[0]
    if (code !== undefined) return code
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`no code for ${address} in the inbox`)
}

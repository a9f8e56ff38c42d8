import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { launch, signIn, system } from './testkit/browser.ts'

const HANDBOOK = `# Rental handbook

We rent bikes all year.

## Cargo bikes

A cargo bike carries two children and costs twelve euros a day.

## Lost keys

Whoever loses a key pays nine euros for a new one.
`

describe('Knowledge', () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-knowledge-'))
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    browser = await launch()
    page = await browser.newPage()
    await signIn(page, 'admin@northwind.example')
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true })
  })

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }

  it('takes in a file, finds it, replaces it, and leaves nothing of it', async () => {
    await page.goto(`${system.url}/knowledge`)
    await button('New knowledge base').first().click()
    await page.getByLabel('Name').fill('handbook of the browser')
    await button('Create').click()
    await page.getByRole('heading', { name: 'handbook of the browser', level: 1 }).waitFor()

    const files = page.getByLabel('Files to add')
    await files.setInputFiles([
      write('handbook.md', HANDBOOK),
      write('picture.png', 'x'),
      write('faq.csv', 'text\nMay I swim?\n'),
    ])
    await page.getByText('1 added.').first().waitFor()
    await page.getByText('picture.png is none of the kinds that can be read').waitFor()
    await page.getByText('2 documents, 4 passages').waitFor()

    await page.getByLabel('Question').fill('What does a lost key cost?')
    await button('Find passages').click()
    const first = page.getByRole('list', { name: 'Passages' }).getByRole('listitem').first()
    await first.getByText('handbook › Rental handbook › Lost keys').waitFor()
    await first.getByText('Whoever loses a key pays nine euros for a new one.').waitFor()
    await first.getByText('handbook.md, passage 3').waitFor()

    await files.setInputFiles(write('handbook.md', HANDBOOK.replace('nine', 'eleven')))
    await page.getByText('1 changed.').waitFor()
    await button('Versions of handbook').click()
    await page.getByText('Version 2, the present one').waitFor()
    expect(await page.getByRole('dialog').getByRole('listitem').count()).toBe(2)
    await button('Close').click()

    const documents = page.getByRole('list', { name: 'Documents' })
    await page.getByRole('searchbox').fill('cargo')
    await page.getByText('1 document', { exact: true }).waitFor()
    await button('Delete handbook').click()
    await button('Delete').click()
    await page.getByText('No document matches').waitFor()
    await page.getByRole('searchbox').fill('')
    await documents.getByText('May I swim?').first().waitFor()
    expect(await documents.getByRole('listitem').count()).toBe(1)
    await button('Find passages').click()
    await page.getByRole('list', { name: 'Passages' }).getByText('May I swim?').waitFor()
    expect(await page.getByText('eleven euros').count()).toBe(0)

    await button('Delete this base').click()
    await button('Delete').click()
    await page.getByRole('heading', { name: 'Knowledge', level: 1 }).waitFor()
    await page.getByText('handbook of the browser').waitFor({ state: 'detached' })
  }, 60_000)
})

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launch, mailTo, signIn, system } from './testkit/browser.ts'
import { invoiceApproval } from './testkit/invoice-approval.ts'

/** Two people and a decision that needs both, on two screens. */
describe('decisions of several people', () => {
  let browser: Browser
  let contexts: BrowserContext[]
  let owner: Page
  let reviewer: Page
  let faults: string[]

  beforeAll(async () => {
    const database = new pg.Client({ connectionString: process.env['SIGNALBOX_DATABASE_URL'] })
    await database.connect()
    const { rows } = await database.query(invoiceApproval.sql, [JSON.stringify(invoiceApproval.definition)])
    await database.query('update workflow.workflows set current_version_id = $1 where id = $2', [rows[0].id, rows[0].workflow_id])
    await database.end()
    browser = await launch()
  })
  afterAll(() => browser.close())

  beforeEach(async () => {
    contexts = []
    faults = []
    owner = await pageOf('owner@harbour.example')
    reviewer = await pageOf('reviewer@harbour.example')
  }, 90_000)
  afterEach(() => Promise.all(contexts.map((context) => context.close())))

  async function pageOf(address: string): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
    context.setDefaultTimeout(20_000)
    contexts.push(context)
    const page = await context.newPage()
    page.on('pageerror', (error) => faults.push(error.message))
    await signIn(page, address)
    return page
  }

  it('are shown live to both, and count once two agree', async () => {
    const began = Date.now()
    const { runId, reviewId } = await startRun(owner, {
      amount: 4_800,
      payee: 'Tidewater Ltd',
      note: 'Pay at the end of the month.',
    })
    const mail = await mailTo('reviewer@harbour.example', began, ({ subject }) => subject.startsWith('A decision waits for you'))
    expect(mail.text).toContain(`${system.url}/reviews/${reviewId}`)
    for (const page of [owner, reviewer]) {
      await page.goto(`${system.url}/reviews/${reviewId}`)
      await page.getByText('0 of 2 agree').waitFor()
    }
    await owner.getByText('2 people must agree').waitFor()
    await owner.getByText(/If nobody decides by .* it counts as rejected/).waitFor()
    const change = owner.getByRole('region', { name: 'What would change' })
    expect(await change.getByRole('insertion').allTextContents()).toEqual([expect.stringContaining('end of the ')])
    await owner.getByRole('cell', { name: 'Ink' }).waitFor()

    await reviewer.getByRole('button', { name: 'Claim' }).click()
    await owner.getByText(/is at it \(for/).waitFor()
    expect(await owner.getByRole('button', { name: /Approve/ }).count()).toBe(0)
    await reviewer.getByRole('button', { name: /Approve/ }).click()
    await reviewer.getByText('1 of 2 agree').waitFor()
    await owner.getByText('1 of 2 agree').waitFor()

    await owner.keyboard.press('a')
    await owner.keyboard.press('Enter')
    await reviewer.getByText(/decided this/).waitFor()
    await owner.goto(`${system.url}/runs/${runId}`)
    await owner.locator('[data-kind="SUCCEEDED"]').waitFor()
    expect(faults).toEqual([])
  }, 120_000)

  it('are made several at once, with a word about each', async () => {
    const runs = [await startRun(owner, { amount: 40 }), await startRun(owner, { amount: 41 })]
    await reviewer.goto(`${system.url}/reviews`)
    for (const amount of [40, 41]) await reviewer.getByRole('checkbox', { name: `Choose: Pay Ada ${amount}?` }).check()
    await reviewer.getByRole('group', { name: 'Decide several' }).getByRole('button', { name: 'Approve' }).click()
    await reviewer.getByRole('button', { name: 'Approve 2' }).click()
    await reviewer.getByText('2 reviews approved.').waitFor()
    for (const { runId } of runs) {
      await owner.goto(`${system.url}/runs/${runId}`)
      await owner.locator('[data-kind="SUCCEEDED"]').waitFor()
    }
    expect(faults).toEqual([])
  }, 120_000)
})

/** Starts a run of the invoice approval and waits for its question. */
async function startRun(page: Page, input: object): Promise<{ runId: string; reviewId: string }> {
  const full = { payee: 'Ada', note: 'Pay now.', lines: [{ item: 'Ink', price: 4 }], ...input }
  const { startRun: started } = await ask(page, 'mutation ($input: StartRunInput!) { startRun(input: $input) { run { id } } }', {
    input: { workflow: 'invoice-approval', input: full },
  })
  const runId = started.run.id as string
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { run } = await ask(page, 'query ($id: ID!) { run(id: $id) { reviews { id } } }', { id: runId })
    if (run.reviews.length > 0) return { runId, reviewId: run.reviews[0].id as string }
  }
  throw new Error('the run asks nobody')
}

function ask(page: Page, query: string, variables: object): Promise<ReturnType<typeof JSON.parse>> {
  return page.evaluate(
    async ([text, values]) => {
      const headers = { 'content-type': 'application/json', 'x-signalbox-csrf': '1' }
      const response = await fetch('/graphql', {
        method: 'POST',
        headers,
        body: JSON.stringify({ query: text, variables: values }),
      })
      const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown }
      if (errors) throw new Error(JSON.stringify(errors))
      return data
    },
    [query, variables] as const,
  )
}

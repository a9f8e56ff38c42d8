import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { system } from './testkit/session.ts'

const root = join(import.meta.dirname, '../../..')
const EXAMPLES = join(root, 'subgraphs/workflow/src/knowledge/examples/support-examples.csv')
const QUESTIONS = `text,category
"The card I ordered, is it in the post yet?",card_arrival
When do you open on Saturdays?,opening_hours
"I have moved,
please note my new address",change_address
"unbalanced,card_arrival
Give me my money back for the double payment,refund_request
`

/** Real input comes in files: a small slice of the way that thousands of rows go, through the public endpoint. */
describe('the command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-cli-e2e-'))
  const questions = join(folder, 'questions.csv')
  writeFileSync(questions, QUESTIONS)
  afterAll(() => rmSync(folder, { recursive: true }))

  it('fills a base, measures it, and leaves a second import unchanged', async () => {
    const first = await signalbox('import', EXAMPLES, '--knowledge', 'slice')
    expect(first).toMatchObject({ rows: 280, added: 280, leftOut: 0, calibration: { targetPrecision: 0.95 } })
    expect(first['calibration'].accuracy).toBeGreaterThan(0.7)
    expect(await signalbox('import', EXAMPLES, '--knowledge', 'slice')).toMatchObject({ added: 0, unchanged: 280 })
  }, 180_000)

  it('runs every readable row once, however often it is sent', async () => {
    const batch = () => signalbox('batch', questions, '--workflow', 'support-triage', '--knowledge', 'slice')
    const first = await batch()
    expect(first).toMatchObject({ failed: 0, unfinished: 0, interrupted: false })
    expect(first['leftOut']).toBeGreaterThan(0)
    expect(first['automated'] + first['sentToReview']).toBe(first['started'])
    expect(first['started']).toBe(first['rows'] - first['leftOut'])
    expect(await batch()).toMatchObject({ started: 0, automated: first['automated'], sentToReview: first['sentToReview'] })
  }, 180_000)
})

// oxlint-disable-next-line typescript/no-explicit-any
type Summary = Record<string, any>

/** What a command prints as JSON; exit code 1 says that a row was left out. */
function signalbox(...words: string[]): Promise<Summary> {
  const env = { ...process.env, NODE_OPTIONS: '', SIGNALBOX_URL: system.url, SIGNALBOX_CLIENT_SECRET: system.cliSecret }
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [join(root, 'gateway/bin/signalbox.mjs'), ...words, '--json'],
      { env },
      (error, stdout, stderr) => {
        if (error !== null && error.code !== 1) reject(new Error(`${error.message}\n${stderr}`))
        else resolve(JSON.parse(stdout) as Summary)
      },
    )
  })
}

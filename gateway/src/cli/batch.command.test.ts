import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { runBatch } from './batch.command.ts'
import { CliFault } from './fault.ts'
import { Platform } from './testkit/platform.ts'
import { csvFile, sessionWith } from './testkit/session.ts'

const rows = (count: number, text = (index: number) => `auto:intent-${index}`) =>
  `text,category\n${Array.from({ length: count }, (_, index) => `${text(index)},intent-${index}`).join('\n')}\n`

describe('a batch', () => {
  let platform: Platform
  beforeEach(async () => void (platform = await Platform.start()))
  afterEach(() => platform[Symbol.asyncDispose]())

  const batch = (content: string, session = sessionWith(platform)) =>
    runBatch(session, { file: csvFile(content), workflow: 'support-triage' })

  it('starts a run for each row, follows them and sums up', async () => {
    const content = 'text,category\nauto:a,a\nauto:b,x\nask:c,c\nask:d,x\nfail,e\n'
    expect(await batch(content)).toMatchObject({
      rows: 5,
      started: 5,
      automated: 2,
      sentToReview: 2,
      failed: 1,
      unfinished: 0,
      accuracy: 0.5,
      accuracyOfAutomated: 0.5,
      interrupted: false,
    })
  })

  it('starts nothing the second time and tells the same', async () => {
    const first = await batch(rows(250))
    const second = await batch(rows(250))
    expect(platform.runs.size).toBe(250)
    expect(second).toMatchObject({ started: 0, automated: first.automated, accuracy: 1, runsPerSecond: null })
  })

  it('goes on where an interrupted one stopped', async () => {
    const session = sessionWith(platform)
    platform.onRequest = () => {
      if (platform.runs.size >= 100) session.interrupt()
    }
    const partial = await batch(rows(1_000), session)
    expect(partial.interrupted).toBe(true)
    expect(partial.unfinished).toBeGreaterThan(0)
    expect(partial.automated + partial.unfinished).toBe(1_000)
    const before = new Map(platform.runs)
    platform.onRequest = () => {}
    const rest = await batch(rows(1_000))
    expect(rest).toMatchObject({ started: 1_000 - before.size, automated: 1_000, unfinished: 0, interrupted: false })
    for (const [key, run] of before) expect(platform.runs.get(key)).toBe(run)
  })

  it('waits for runs that still move', async () => {
    const session = sessionWith(platform)
    const content = 'text\nauto:a\nstuck\n'
    let looks = 0
    platform.onRequest = () => {
      looks += 1
      if (looks < 8) return
      for (const run of platform.runs.values()) run.status = 'SUCCEEDED'
    }
    expect(await batch(content, session)).toMatchObject({ automated: 1, sentToReview: 1, unfinished: 0 })
    expect(looks).toBeGreaterThanOrEqual(8)
  })

  it('finds runs whose key another file used first', async () => {
    await batch('key,text\nt-1,auto:a\n')
    expect(await batch('key,text,category\nt-1,auto:a,a\nt-2,auto:b,b\n')).toMatchObject({
      started: 1,
      automated: 2,
      accuracy: 1,
    })
  })

  it('reports a malformed row and one that the platform refuses, and goes on with the rest', async () => {
    const session = sessionWith(platform)
    const summary = await batch('text,category\nauto:a,a\ntoo,many,fields\nrefuse me,b\n"",c\nauto:d,d\n', session)
    expect(summary).toMatchObject({ rows: 5, leftOut: 3, automated: 2, unfinished: 0 })
    expect(session.written()).toContain('line 3: it has 3 fields')
    expect(session.written()).toMatch(/line 4: items\.0\.input\.text: is not wanted here\n.*line 5: its text is empty/)
  })

  it('takes a new token when the old one has ended', async () => {
    let expired = false
    platform.onRequest = () => {
      if (expired || platform.runs.size === 0) return
      expired = true
      platform.expireTokens()
    }
    expect(await batch(rows(300))).toMatchObject({ automated: 300, leftOut: 0 })
    expect(platform.tokensGiven).toBe(2)
  })

  it('tries again after 429, 502, UNAVAILABLE and a lost connection', async () => {
    platform.faults.push(
      (response) =>
        void response
          .writeHead(429, { 'retry-after': '0' })
          .end('{"errors":[{"message":"m","extensions":{"code":"RATE_LIMITED"}}]}'),
      (response) => void response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>'),
      (response) => void response.end('{"errors":[{"message":"m","extensions":{"code":"UNAVAILABLE"}}],"data":null}'),
    )
    expect(await batch('text\nauto:a\n')).toMatchObject({ automated: 1, started: 1 })
    platform.faults.push((response) => response.destroy())
    expect(await batch('text\nauto:b\n')).toMatchObject({ automated: 1, started: 1 })
  })

  it('gives up in one line on a workflow, a secret or an address that is not there', async () => {
    const file = csvFile('text\nauto:a\n')
    await expect(runBatch(sessionWith(platform), { file, workflow: 'other' })).rejects.toEqual(
      new CliFault('There is no workflow "other".'),
    )
    const wrong = runBatch(sessionWith(platform, 'wrong'), { file, workflow: 'support-triage' })
    await expect(wrong).rejects.toEqual(new CliFault('The service client "signalbox-cli" was refused: wrong id or secret.'))
  })

  it('writes plain lines where there is no terminal', async () => {
    const session = sessionWith(platform)
    await batch(rows(3), session)
    expect(session.written()).toMatch(/starting: 3\/3.*\n(.*\n)*running: 3\/3/)
    expect(session.written()).not.toContain('\x1b')
  })
})

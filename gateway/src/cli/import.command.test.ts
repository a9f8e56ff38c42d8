import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { importExamples } from './import.command.ts'
import { describeImport } from './import-summary.ts'
import { Platform } from './testkit/platform.ts'
import { csvFile, sessionWith } from './testkit/session.ts'

describe('an import', () => {
  let platform: Platform
  beforeEach(async () => void (platform = await Platform.start()))
  afterEach(() => platform[Symbol.asyncDispose]())

  const importCsv = (content: string, session = sessionWith(platform)) =>
    importExamples(session, { file: csvFile(content), knowledge: 'questions', precision: 0.95 })

  const many = (count: number) =>
    `text,category\n${Array.from({ length: count }, (_, index) => `question ${index},c`).join('\n')}\n`

  it('makes the base, puts every row into it as a labelled example and has it calibrated', async () => {
    const summary = await importCsv('text,label,title\n"Where, then?",location,Where\nHow?,manner,\n')
    const documents = [...platform.documents.get('questions')!.values()]
    expect(documents).toEqual([
      { title: 'Where', text: 'Where, then?', label: 'location' },
      { text: 'How?', label: 'manner' },
    ])
    expect(summary).toMatchObject({ rows: 2, added: 2, leftOut: 0, documents: 2, interrupted: false })
    expect(summary.calibration).toMatchObject({ targetPrecision: 0.95, n: 2 })
    expect(describeImport(summary)).toContain('80.0 %, 96.0 % of it rightly (wanted: 95.0 %)')
  })

  it('sends no more than 100 rows or a quarter of a mebibyte at once', async () => {
    const long = 'x'.repeat(100_000)
    await importCsv(`${many(1_200)}${long},c\n${long}y,c\n${long}z,c\n${long}a,c\n${long}b,c\n${long}c,c\n`)
    const sizes = platform.requests.map((request) => [request.length, request.match(/"key"/g)?.length ?? 0])
    expect(platform.documents.get('questions')!.size).toBe(1_206)
    for (const [bytes, documents] of sizes) {
      expect(bytes).toBeLessThan(400 * 1024)
      expect(documents).toBeLessThanOrEqual(100)
    }
  })

  it('changes nothing when it is repeated, and only the rows that changed when the file is edited', async () => {
    await importCsv('text,category\na,1\nb,2\n')
    const again = await importCsv('text,category\na,1\nb,2\n')
    expect(again).toMatchObject({ added: 0, updated: 0, unchanged: 2, rowsPerSecond: null })
    expect(platform.documents.get('questions')!.size).toBe(2)
    expect(await importCsv('text,category\nnew,0\na,1\nb,3\n')).toMatchObject({ added: 1, updated: 1, unchanged: 1 })
    const documents = [...platform.documents.get('questions')!.values()]
    expect(documents).toHaveLength(3)
    expect(documents).toContainEqual({ text: 'b', label: '3' })
  })

  it('reports rows without text or category by line and imports the rest', async () => {
    const session = sessionWith(platform)
    const summary = await importCsv('text,category\na,1\n,2\nc,\n"open,4\ne,5\n', session)
    expect(summary).toMatchObject({ rows: 5, added: 2, leftOut: 3 })
    expect(session.written()).toMatch(/line 3: its text is empty\n.*line 4: it has no category\n.*line 5: a quote is opened/)
  })

  it('waits for a calibration that runs already and then has its own', async () => {
    platform.calibrationsInTheWay = 2
    expect((await importCsv('text,category\na,1\n')).calibration).toMatchObject({ n: 1 })
    expect(platform.calibrationsInTheWay).toBe(-1)
  })

  it('refuses a file without categories before it asks the platform for anything', async () => {
    await expect(importCsv('text\na\n')).rejects.toThrow(/has no column "category" or "label"/)
    expect(platform.tokensGiven).toBe(0)
  })

  it('sums up what there is when it is interrupted', async () => {
    const session = sessionWith(platform)
    platform.onRequest = () => {
      if ((platform.documents.get('questions')?.size ?? 0) >= 500) session.interrupt()
    }
    const summary = await importCsv(many(5_000), session)
    expect(summary).toMatchObject({ rows: 5_000, interrupted: true, calibration: null })
    expect(summary.added).toBeLessThan(5_000)
  })
})

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { evaluateBase } from './evaluate.command.ts'
import { describeEvaluation } from './evaluation-summary.ts'
import { importExamples } from './import.command.ts'
import { Platform } from './testkit/platform.ts'
import { csvFile, sessionWith } from './testkit/session.ts'

/** The platform of the test answers with the labels of the words that stand in a text, in their order; `sure` makes it sure. */
describe('an evaluation', () => {
  let platform: Platform
  beforeEach(async () => void (platform = await Platform.start()))
  afterEach(() => platform[Symbol.asyncDispose]())

  const evaluate = (content: string, k = 3, session = sessionWith(platform)) =>
    evaluateBase(session, { file: csvFile(content), knowledge: 'questions', k })
  const fill = () =>
    importExamples(sessionWith(platform), { file: csvFile('text,category\na,1\n'), knowledge: 'questions', precision: 0.95 })

  it('measures what is found, what is answered, and what needs no person', async () => {
    await fill()
    const session = sessionWith(platform)
    const summary = await evaluate(
      'text,category\nsure fees card,fees\nfees card,card\nsure x,card\n,card\ny z v card,card\n',
      3,
      session,
    )
    expect(summary).toMatchObject({ questions: 4, leftOut: 1, k: 3, threshold: 0.4, interrupted: false })
    expect(summary.recall!.value).toBe(0.5)
    expect(summary.mrr).toBeCloseTo((1 + 1 / 2) / 4, 6)
    expect(summary.accuracy!.value).toBe(0.25)
    expect(summary.automated!.value).toBe(0.5)
    expect(summary.precision!.value).toBe(0.5)
    expect(session.written()).toContain('line 5: its text is empty')
    expect(describeEvaluation(summary)).toContain('answered rightly        25.0 %  (95 %: 4.6 % to 69.9 %)')
  })

  it('asks 25 questions at once, and each once', async () => {
    await fill()
    const rows = Array.from({ length: 60 }, (_, at) => `fees ${at},fees`).join('\n')
    const before = platform.requests.length
    expect(await evaluate(`text,category\n${rows}\n`)).toMatchObject({ questions: 60, accuracy: { value: 1 } })
    const asked = platform.requests.slice(before).flatMap((body) => {
      const { variables } = JSON.parse(body) as { variables?: { input?: { texts?: string[] } } }
      return variables?.input?.texts === undefined ? [] : [variables.input.texts.length]
    })
    expect(asked.sort((a, b) => a - b)).toEqual([10, 25, 25])
  })

  it('says that there is no such base', async () => {
    await expect(evaluate('text,category\na,b\n')).rejects.toThrow('There is no knowledge base "questions". "import" fills one.')
  })
})

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { Platform, settled } from './testkit/platform.ts'
import { sessionWith } from './testkit/session.ts'
import { describeChange, watchRuns, type RunChange } from './watch.command.ts'

describe('watching', () => {
  let platform: Platform
  beforeEach(async () => void (platform = await Platform.start()))
  afterEach(() => platform[Symbol.asyncDispose]())

  const change = (cursor: number) => ({ cursor: String(cursor), kind: 'UPDATED', run: settled(`run-${cursor}`, 'auto:a') })

  it('comes back after its token with a new one, after the last change that it saw', async () => {
    platform.changes = [change(1), change(2)]
    const session = sessionWith(platform)
    const seen: string[] = []
    await watchRuns(session, undefined, ({ cursor }) => {
      seen.push(cursor)
      if (cursor === '2') {
        platform.changes.push(change(3))
        platform.dropSockets(4403)
      }
      if (cursor === '3') session.interrupt()
    })
    expect(seen).toEqual(['1', '2', '3'])
    expect(platform.subscriptions.map(({ after }) => after)).toEqual([null, '2'])
    expect(session.written()).toBe('')
  })

  it('says when the connection is lost and when it is there again', async () => {
    platform.changes = [change(1)]
    const session = sessionWith(platform)
    await watchRuns(session, undefined, ({ cursor }) => {
      if (cursor === '2') return session.interrupt()
      platform.changes.push(change(2))
      platform.dropSockets(1012)
    })
    expect(session.written()).toBe('the connection is lost; trying again\nconnected again\n')
  })

  it('ends with one line when the client is refused', async () => {
    await expect(watchRuns(sessionWith(platform, 'wrong'), undefined, () => {})).rejects.toThrow(
      /was refused: wrong id or secret/,
    )
  })
})

it('shows a change as one line', () => {
  const run = {
    id: 'r-1',
    status: 'FAILED',
    durationMs: 1_234,
    lastSeq: 4,
    workflow: { slug: 'triage' },
    failure: { code: 'X', reason: 'why' },
  }
  const line = describeChange({ cursor: '1', kind: 'UPDATED', run } satisfies RunChange, new Date(2026, 0, 1, 9, 8, 7))
  expect(line).toBe('09:08:07  FAILED              triage                r-1     1.2 s  X: why')
})

import { describe, expect, it } from '@jest/globals'
import { Progress, reportFaults } from './progress.ts'

function screen(isTTY: boolean) {
  const parts: string[] = []
  return { parts, isTTY, columns: 60, write: (text: string) => void parts.push(text) }
}

describe('progress', () => {
  it('redraws one line on a terminal, never wider than it', () => {
    const terminal = screen(true)
    let now = 0
    const progress = new Progress(terminal, 'running', 200, () => now)
    now = 50
    progress.set(1)
    now = 1_000
    progress.set(50)
    progress.end()
    expect(terminal.parts).toHaveLength(4)
    expect(terminal.parts[1]).toContain('running ██████░░░░░░░░░░░░░░░░░░ 25 % · 50/200')
    for (const part of terminal.parts) expect(part.replace('\r\x1b[2K', '').length).toBeLessThan(60)
  })

  it('writes a plain line every few seconds elsewhere', () => {
    const file = screen(false)
    let now = 0
    const progress = new Progress(file, 'running', 100, () => now)
    for (; now <= 10_000; now += 500) progress.set(now / 100)
    expect(file.parts).toEqual(['running: 30/100 · 10.0/s\n', 'running: 60/100 · 10.0/s\n', 'running: 90/100 · 10.0/s\n'])
  })

  it('tells the time where nobody knows how much there is', () => {
    const terminal = screen(true)
    let now = 0
    const progress = new Progress(terminal, 'calibrating', null, () => now)
    now = 12_300
    progress.end()
    expect(terminal.parts).toEqual(['\r\x1b[2Kcalibrating 0 s', '\r\x1b[2Kcalibrating 12 s', '\n'])
  })
})

it('names the first rows that were left out and counts the rest', () => {
  const file = screen(false)
  reportFaults(
    file,
    'a.csv',
    Array.from({ length: 25 }, (_, index) => ({ line: index + 2, message: 'bad' })),
  )
  expect(file.parts).toHaveLength(21)
  expect(file.parts[0]).toBe('a.csv, line 2: bad\n')
  expect(file.parts.at(-1)).toBe('a.csv: 5 more rows were left out\n')
})

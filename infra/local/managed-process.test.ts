import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { endLeftovers, ManagedProcess } from './managed-process.ts'
import { identify, isRunning } from './process-identity.ts'
import { scratchDirectory } from '../testing/scratch.ts'

const RUNS = `process.on('SIGTERM', () => process.exit(0)); process.on('disconnect', () => process.exit(0)); process.send('started')`

function newProcess(code: string) {
  const dataDirectory = scratchDirectory('managed')
  for (const part of ['logs', 'run']) mkdirSync(join(dataDirectory, part))
  const script = join(dataDirectory, 'script.mjs')
  writeFileSync(script, code)
  const lines: string[] = []
  const managed = new ManagedProcess({ name: 'part', script, env: {} }, { dataDirectory, log: (line) => lines.push(line) })
  return { managed, lines, dataDirectory, runFile: join(dataDirectory, 'run/part.json') }
}

async function until(condition: () => boolean) {
  while (!condition()) await sleep(20)
}

describe('a managed process', () => {
  it('comes back after kill -9 and stays away after stop', async () => {
    const { managed, lines, runFile } = newProcess(RUNS)
    await managed.start()
    const first = managed.pid!
    managed.kill('SIGKILL')
    await until(() => lines.includes('part runs again'))
    expect(lines[0]).toBe('part ended (SIGKILL); starting it again in 0.5 s')
    const second = identify(managed.pid!)!
    expect(second.pid).not.toBe(first)
    await managed.stop()
    expect(isRunning(second)).toBe(false)
    expect(existsSync(runFile)).toBe(false)
  })

  it('tells why it did not start', async () => {
    const { managed } = newProcess(`console.log(JSON.stringify({ level: 60, msg: 'could not start: no PORT' })); process.exit(1)`)
    await expect(managed.start()).rejects.toThrow(
      /part ended before it had started \(code 1\): could not start: no PORT \(log: .*part\.log\)/,
    )
    await managed.stop()
  })

  it('is ended by the launcher that comes after a killed one', async () => {
    const { managed, dataDirectory, runFile } = newProcess(
      `process.on('SIGTERM', () => {}); process.send('started'); setInterval(() => {}, 1000)`,
    )
    await managed.start()
    const left = JSON.parse(readFileSync(runFile, 'utf8')) as { pid: number; startedAt: string }
    const ended = managed.stop()
    await endLeftovers(dataDirectory, ['part'], 200)
    expect(isRunning(left)).toBe(false)
    await ended
  })

  it('leaves alone a process that only has the pid of one left behind', async () => {
    const { dataDirectory, runFile } = newProcess(RUNS)
    writeFileSync(runFile, JSON.stringify({ pid: process.ppid, startedAt: 'another boot' }))
    await endLeftovers(dataDirectory, ['part'], 0)
    expect(identify(process.ppid)).toBeDefined()
    expect(existsSync(runFile)).toBe(false)
  })
})

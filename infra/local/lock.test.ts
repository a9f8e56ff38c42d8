import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { acquireLock, LockedError, lockHolder } from './lock.ts'
import { identify } from './process-identity.ts'
import { scratchDirectory } from '../testing/scratch.ts'

const newFile = () => join(scratchDirectory('lock'), 'lock')

/** Takes the lock in another process, which says how it went and then waits to be killed. */
async function holder(file: string) {
  const code = `
    import { acquireLock } from ${JSON.stringify(join(import.meta.dirname, 'lock.ts'))}
    try { console.log(acquireLock(${JSON.stringify(file)}, 'there').takenOver ? 'taken over' : 'taken') } catch (error) { console.log(error.name) }
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  const outcome = await new Promise<string>((resolve) =>
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())),
  )
  const kill = () => new Promise((resolve) => child.once('exit', resolve).kill('SIGKILL'))
  return { outcome, kill, pid: child.pid! }
}

describe('the lock', () => {
  it('refuses a second holder and says where the first is', async () => {
    const file = newFile()
    const first = await holder(file)
    expect(first.outcome).toBe('taken')
    expect(() => acquireLock(file, 'here')).toThrow(LockedError)
    expect(lockHolder(file)).toMatchObject({ pid: first.pid, where: 'there' })
    await first.kill()
    expect(lockHolder(file)).toBeUndefined()
  })

  it('is taken over from a killed process, by exactly one of several', async () => {
    const file = newFile()
    await (await holder(file)).kill()
    const contenders = await Promise.all(Array.from({ length: 4 }, () => holder(file)))
    expect(contenders.map((one) => one.outcome).sort()).toEqual(['LockedError', 'LockedError', 'LockedError', 'taken over'])
    await Promise.all(contenders.map((one) => one.kill()))
  })

  it('does not take another process with the same pid for its holder', () => {
    const file = newFile()
    writeFileSync(file, JSON.stringify({ ...identify(process.ppid), startedAt: 'before the last boot', id: 'x', where: 'there' }))
    expect(acquireLock(file, 'here').takenOver).toBe(true)
  })

  it('takes over a file that is cut off', () => {
    const file = newFile()
    writeFileSync(file, '{"pid":')
    expect(acquireLock(file, 'here').takenOver).toBe(true)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid })
  })

  it('leaves nothing behind when it is released', () => {
    const file = newFile()
    acquireLock(file, 'here').release()
    expect(readdirSync(join(file, '..'))).toEqual([])
    expect(acquireLock(file, 'here').takenOver).toBe(false)
  })
})

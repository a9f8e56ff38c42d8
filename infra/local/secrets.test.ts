import { chmodSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { loadSecrets, SECRET_NAMES } from './secrets.ts'
import { scratchDirectory } from '../testing/scratch.ts'

const newDirectory = () => scratchDirectory('secrets')
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

describe('the secrets', () => {
  it('are made once, each another one, for their owner alone', () => {
    const directory = newDirectory()
    const made = loadSecrets(directory, false)
    expect(new Set(Object.values(made)).size).toBe(SECRET_NAMES.length)
    expect(made['auth-secret'].length).toBeGreaterThanOrEqual(32)
    expect(modeOf(join(directory, 'secrets'))).toBe('700')
    expect(modeOf(join(directory, 'secrets/auth-secret'))).toBe('600')
    chmodSync(join(directory, 'secrets/auth-secret'), 0o644)
    expect(loadSecrets(directory, true)).toEqual(made)
    expect(modeOf(join(directory, 'secrets/auth-secret'))).toBe('600')
  })

  it('are not made again when one is lost and databases exist', () => {
    const directory = newDirectory()
    loadSecrets(directory, false)
    rmSync(join(directory, 'secrets/auth-secret'))
    expect(() => loadSecrets(directory, true)).toThrow(/secrets\/auth-secret is lost.*npm run reset/)
    rmSync(join(directory, 'secrets'), { recursive: true })
    rmSync(join(directory, 'secrets-made'))
    expect(() => loadSecrets(directory, true)).toThrow(`${SECRET_NAMES.length} secrets in`)
  })

  it('are completed when a newer version knows one more', () => {
    const directory = newDirectory()
    const before = loadSecrets(directory, false)
    rmSync(join(directory, 'secrets/cli-client-secret'))
    writeFileSync(join(directory, 'secrets-made'), SECRET_NAMES.filter((name) => name !== 'cli-client-secret').join('\n'))
    const after = loadSecrets(directory, true)
    expect(after['auth-secret']).toBe(before['auth-secret'])
    expect(after['cli-client-secret']).not.toBe(before['cli-client-secret'])
  })

  it('are refused when a file is damaged', () => {
    const directory = newDirectory()
    loadSecrets(directory, false)
    writeFileSync(join(directory, 'secrets/auth-secret'), 'short')
    expect(() => loadSecrets(directory, true)).toThrow('auth-secret is damaged')
  })
})

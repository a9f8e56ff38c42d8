import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { openDataDirectory } from './data-directory.ts'
import { isReachable } from './postgres-home.ts'
import { scratchDirectory } from '../testing/scratch.ts'

const newDirectory = () => scratchDirectory('data')

describe('the data directory', () => {
  it('is refused in one line when it cannot be used', () => {
    const file = join(newDirectory(), 'file')
    writeFileSync(file, '')
    expect(() => openDataDirectory(file)).toThrow(`The data directory ${file} cannot be used (EEXIST)`)
    expect(() => openDataDirectory(join(file, 'below'))).toThrow('cannot be used (ENOTDIR)')
  })

  it('is refused on a disk that is nearly full', () => {
    expect(() => openDataDirectory(newDirectory(), Number.MAX_SAFE_INTEGER)).toThrow(
      /Too little disk for .*: \d+ MiB are free, \d+ MiB are needed/,
    )
  })
})

describe('a place for the user of Postgres', () => {
  it('is not behind a closed directory', () => {
    const outer = newDirectory()
    const inner = mkdtempSync(join(outer, 'inner-'))
    chmodSync(inner, 0o755)
    chmodSync(outer, 0o755)
    expect(isReachable(inner)).toBe(true)
    chmodSync(outer, 0o700)
    expect(isReachable(inner)).toBe(false)
    rmSync(outer, { recursive: true })
  })
})

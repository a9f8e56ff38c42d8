import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'

/** A new directory that goes when the test file has ended. */
export function scratchDirectory(name: string): string {
  const directory = mkdtempSync(join(tmpdir(), `signalbox-${name}-`))
  scratch.push(directory)
  return directory
}

const scratch: string[] = []

afterAll(() => {
  for (const directory of scratch) rmSync(directory, { recursive: true, force: true })
})

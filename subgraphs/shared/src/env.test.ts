import { afterAll, describe, expect, it } from '@jest/globals'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { readEnv } from './env.ts'

const directory = mkdtempSync(join(tmpdir(), 'signalbox-env-'))
afterAll(() => rmSync(directory, { recursive: true }))

const shape = { SECRET: z.string().min(8, 'must have at least 8 characters'), PORT: z.coerce.number().int().default(80) }

function fileWith(text: string): string {
  const path = join(mkdtempSync(join(directory, 'f-')), 'secret')
  writeFileSync(path, text)
  return path
}

function faultOf(source: Record<string, string | undefined>): string {
  try {
    readEnv(shape, source)
  } catch (error) {
    expect((error as Error).name).toBe('EnvError')
    return (error as Error).message
  }
  throw new Error('there is no fault')
}

describe('the environment', () => {
  it('is read from variables, and a secret from the file that its _FILE names', () => {
    expect(readEnv(shape, { SECRET: 'in-the-open', PORT: '81' })).toEqual({ SECRET: 'in-the-open', PORT: 81 })
    expect(readEnv(shape, { SECRET_FILE: fileWith('in-a-file') })).toEqual({ SECRET: 'in-a-file', PORT: 80 })
    expect(readEnv(shape, { SECRET: '', SECRET_FILE: fileWith('in-a-file'), PORT: '' })).toEqual({
      SECRET: 'in-a-file',
      PORT: 80,
    })
  })

  it.each(['in-a-file\n', 'in-a-file\r\n', 'in-a-file\n\n'])('does without the line ends at the end of a file: %j', (text) => {
    expect(readEnv(shape, { SECRET_FILE: fileWith(text) }).SECRET).toBe('in-a-file')
  })

  it('keeps all else of a file: spaces and lines within are part of a secret', () => {
    expect(readEnv(shape, { SECRET_FILE: fileWith(' two \nlines \n') }).SECRET).toBe(' two \nlines ')
  })

  it('takes a variable or its file, never both', () => {
    const path = fileWith('in-a-file')
    expect(faultOf({ SECRET: 'in-the-open', SECRET_FILE: path })).toContain('SECRET: set it or SECRET_FILE, not both')
    expect(faultOf({ SECRET: 'in-a-file', SECRET_FILE: path })).toContain('not both')
  })

  it('says what is wrong with a file: empty, missing or a folder', () => {
    for (const text of ['', '\n', ' \r\n'])
      expect(faultOf({ SECRET_FILE: fileWith(text) })).toMatch(
        /SECRET_FILE: .*secret is empty; it must hold the value of SECRET$/,
      )
    expect(faultOf({ SECRET_FILE: join(directory, 'none') })).toMatch(/SECRET_FILE: cannot read .*none \(ENOENT\)$/)
    const folder = join(directory, 'folder')
    mkdirSync(folder)
    expect(faultOf({ SECRET_FILE: folder })).toMatch(/SECRET_FILE: cannot read .*folder \(EISDIR\)$/)
  })

  it('names every variable that is wrong, each once, and repeats no value', () => {
    expect(faultOf({ PORT: 'eighty' })).toMatch(
      /^The environment is not complete:\n {2}SECRET: is not set; give it, or SECRET_FILE with the name of a file that holds it\n {2}PORT: .+$/,
    )
    for (const source of [{ SECRET: 'sh0rt' }, { SECRET_FILE: fileWith('sh0rt') }]) {
      expect(faultOf(source)).toContain('SECRET: must have at least 8 characters')
      expect(faultOf(source)).not.toContain('sh0rt')
    }
  })
})

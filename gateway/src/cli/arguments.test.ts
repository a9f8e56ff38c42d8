import { describe, expect, it } from '@jest/globals'
import { writeFileSync } from 'node:fs'
import { HELP, parseCommand } from './arguments.ts'
import { readCliEnv, resolvePath } from './env.ts'
import { csvFile } from './testkit/session.ts'

const parse = (line: string) => parseCommand(line.split(' ').filter(Boolean))

describe('the command line', () => {
  it('knows its commands', () => {
    expect(parse('import a.csv --knowledge base')).toMatchObject({
      name: 'import',
      file: 'a.csv',
      knowledge: 'base',
      precision: 0.95,
    })
    expect(parse('batch a.csv --workflow triage --json --url http://x')).toMatchObject({
      name: 'batch',
      json: true,
      url: 'http://x',
    })
    expect(parse('evaluate a.csv --knowledge base')).toMatchObject({ name: 'evaluate', knowledge: 'base', k: 10 })
    expect(parse('watch --workflow triage')).toMatchObject({ name: 'watch', workflow: 'triage' })
    expect(parse('audit export --format csv --from 2026-01-31')).toEqual({
      name: 'audit',
      format: 'csv',
      from: '2026-01-31T00:00:00.000Z',
      url: undefined,
      clientId: undefined,
    })
    for (const line of ['', 'help', '--help', 'batch -h']) expect(parse(line)).toEqual({ name: 'help' })
  })

  it.each([
    ['start', 'There is no command "start".'],
    ['import --knowledge base', '"import" wants the path of a CSV file.'],
    ['import a.csv', '"import" wants --knowledge.'],
    ['batch a.csv', '"batch" wants --workflow.'],
    ['batch a.csv b.csv --workflow t', '"batch" takes one file'],
    ['import a.csv --knowledge b --workflow t', '"import" takes no --workflow.'],
    ['evaluate a.csv --knowledge b --k 0', '--k wants a whole number from 1 to 50, not "0".'],
    ['import a.csv --knowledge b --precision 95', '--precision wants a share between 0 and 1'],
    ['audit', '"audit" wants the word "export".'],
    ['audit export --format xml', '--format is jsonl or csv, not "xml".'],
    ['audit export --from yesterday', '--from wants a time'],
    ['watch --what', "Unknown option '--what'."],
  ])('refuses "%s" with a reason and where to read on', (line, reason) => {
    expect(() => parse(line)).toThrow(reason)
    expect(() => parse(line)).toThrow('npm run signalbox -- help')
  })

  it('explains every option', () => {
    for (const option of ['url', 'client', 'knowledge', 'workflow', 'precision', 'json', 'from', 'to', 'format'])
      expect(HELP).toContain(`--${option}`)
  })
})

describe('the environment', () => {
  it('gives address, client and secret; options come first', () => {
    const source = { SIGNALBOX_URL: 'http://there/', SIGNALBOX_CLIENT_ID: 'n8n', SIGNALBOX_CLIENT_SECRET: 's' }
    expect(readCliEnv({}, source)).toEqual({ url: 'http://there', clientId: 'n8n', clientSecret: 's' })
    expect(readCliEnv({ url: 'http://here', clientId: 'me' }, source)).toMatchObject({ url: 'http://here', clientId: 'me' })
    expect(readCliEnv({}, { SIGNALBOX_CLIENT_SECRET: 's' })).toMatchObject({
      url: 'http://127.0.0.1:4000',
      clientId: 'signalbox-cli',
    })
  })

  it('reads the secret from a file, and says which one it could not read', () => {
    const file = csvFile('')
    writeFileSync(file, 'secret\n')
    expect(readCliEnv({}, { SIGNALBOX_CLIENT_SECRET_FILE: file }).clientSecret).toBe('secret')
    const both = { SIGNALBOX_CLIENT_SECRET: 's', SIGNALBOX_CLIENT_SECRET_FILE: file }
    expect(() => readCliEnv({}, both)).toThrow('SIGNALBOX_CLIENT_SECRET or SIGNALBOX_CLIENT_SECRET_FILE, not both')
    writeFileSync(file, '\n')
    expect(() => readCliEnv({}, { SIGNALBOX_CLIENT_SECRET_FILE: file })).toThrow('is empty')
    expect(() => readCliEnv({}, { SIGNALBOX_DATA_DIR: '/nowhere' })).toThrow(
      /from \/nowhere\/secrets\/cli-client-secret \(ENOENT\)\. Run "npm start" once first/,
    )
  })

  it('counts paths from where the user stands, not from where npm runs', () => {
    expect(resolvePath('a.csv', { INIT_CWD: '/home/me' })).toBe('/home/me/a.csv')
    expect(resolvePath('/a.csv', { INIT_CWD: '/home/me' })).toBe('/a.csv')
  })

  it('refuses an address that is none', () => {
    expect(() => readCliEnv({ url: 'localhost:4000' }, { SIGNALBOX_CLIENT_SECRET: 's' })).toThrow(
      '"localhost:4000" is not an http address.',
    )
  })
})

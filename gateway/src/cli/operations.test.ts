import { expect, it } from '@jest/globals'
import { buildSchema, parse, validate } from 'graphql'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as operations from './operations.ts'

const schema = buildSchema(readFileSync(fileURLToPath(new URL('../../../schema/api.graphql', import.meta.url)), 'utf8'))
const documents = Object.entries<unknown>(operations)
  .map(([name, text]) => [name, String(text)] as const)
  .filter(([, text]) => /^\s*(query|mutation|subscription)/.test(text))

it.each([...documents, ['RUNS_BY_ID', operations.runsById(operations.RUNS_AT_ONCE)] as const])(
  '%s is valid in the public schema',
  (_name, text) => {
    expect(validate(schema, parse(text)).map((error) => error.message)).toEqual([])
  },
)

import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import type { WorkflowDefinition } from '../definition.ts'
import { faultOfPattern } from './readings.ts'
import type { Path, Report } from './report.ts'

/** Making one takes longer than all the rest; it keeps nothing of what it compiles, not even under its `$id`. */
const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false, addUsedSchema: false })
;(formats as unknown as (target: Ajv2020) => void)(ajv)

/** Largest JSON Schema, in characters of its JSON: it is compiled to code. */
const MAX_SCHEMA = 64 * 1024

/** The JSON Schemas of the definition compile, describe objects and refer to nothing outside of themselves. */
export function checkSchemas({ input, output, nodes }: WorkflowDefinition, report: Report): void {
  checkSchema(['input'], input, report)
  checkSchema(['output'], output, report)
  for (const [at, node] of nodes.entries()) {
    if (node.kind === 'review' && node.responseSchema) checkSchema(['nodes', at, 'responseSchema'], node.responseSchema, report)
  }
}

function checkSchema(path: Path, schema: Record<string, unknown>, report: Report) {
  if (JSON.stringify(schema).length > MAX_SCHEMA) return report(path, `must have at most ${MAX_SCHEMA / 1024} KB`)
  const type = schema['type']
  if (type !== undefined && type !== 'object') report([...path, 'type'], 'must be object')
  let sound = true
  walk(schema, path, (at, message) => {
    sound = false
    report(at, message)
  })
  if (!sound) return
  try {
    ajv.compile(schema)
  } catch (error) {
    report(path, `is not a JSON Schema that can be used: ${(error as Error).message.split('\n')[0]}`)
  } finally {
    ajv.removeSchema(schema)
  }
}

/** Keywords whose members are names that the author chose, and those that hold data. */
const NAMED = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'])
const DATA = new Set(['const', 'enum', 'default', 'examples'])
const REFERENCES = new Set(['$ref', '$dynamicRef', '$recursiveRef'])

function walk(schema: unknown, path: Path, report: Report): void {
  if (typeof schema !== 'object' || schema === null) return
  for (const [keyword, value] of Object.entries(schema)) {
    const at = [...path, keyword]
    if (DATA.has(keyword)) continue
    if (REFERENCES.has(keyword) && typeof value === 'string' && !value.startsWith('#'))
      report(at, 'must stay in this schema: begin it with # and keep what it names under $defs')
    else if (keyword === 'pattern' && typeof value === 'string') checkPattern(value, at, report)
    else if (NAMED.has(keyword) && typeof value === 'object' && value !== null) {
      for (const [name, one] of Object.entries(value)) {
        if (keyword === 'patternProperties') checkPattern(name, [...at, name], report)
        walk(one, [...at, name], report)
      }
    } else walk(value, at, report)
  }
}

/** What people send is held against patterns of JSON Schemas too, so none may be of the kind that can take for ever. */
function checkPattern(pattern: string, path: Path, report: Report) {
  const fault = faultOfPattern(pattern)
  if (fault !== null) report(path, `is a pattern that cannot be read (RE2): ${fault}`)
}

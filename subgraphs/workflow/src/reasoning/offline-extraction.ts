import { RE2JS } from 're2js'
import { extractionOf } from './extraction.ts'
import { fieldValue } from './field-value.ts'
import { ModelError } from './model-error.ts'
import type { FieldSpec, ModelExtraction } from './reasoning-model.ts'

/** How sure a value is that the field's own pattern found, and one that stands behind the field's name. */
const BY_PATTERN = 0.95
const BY_NAME = 0.7
/** Characters of a text that are read. */
const LONGEST_TEXT = 500_000

/**
 * Reads fields by their patterns, and one without a pattern from where its name stands with a colon behind it ("Invoice no.: 4711"). The
 * confidence is the mean over the fields; a required one that is missing counts as 0, an optional one not at all.
 * @throws {ModelError} for a pattern that is none
 */
export function extractOffline(text: string, fields: FieldSpec[]): Omit<ModelExtraction, 'usage'> {
  const read = text.slice(0, LONGEST_TEXT)
  const values: Record<string, unknown> = {}
  const sureties: number[] = []
  for (const field of fields) {
    const found = matchOf(patternOf(field), read)
    const value = found === undefined ? undefined : fieldValue(field.type, found)
    values[field.name] = value ?? null
    if (value !== undefined) sureties.push(field.pattern === undefined ? BY_NAME : BY_PATTERN)
    else if (field.required === true) sureties.push(0)
  }
  const confidence = sureties.length === 0 ? 0 : sureties.reduce((sum, surety) => sum + surety, 0) / sureties.length
  return extractionOf(fields, values, confidence)
}

function patternOf({ name, pattern }: FieldSpec): RE2JS {
  if (pattern === undefined) return RE2JS.compile(labelPattern(name), RE2JS.CASE_INSENSITIVE | RE2JS.MULTILINE)
  try {
    return RE2JS.compile(pattern)
  } catch {
    throw new ModelError(`The pattern of the field "${name}" is not a regular expression that can be used.`, false, {
      misconfigured: true,
    })
  }
}

/** `invoiceNumber`, `invoice_number` and `invoice number` are "Invoice number" in a text; what stands behind it ends with its line. */
function labelPattern(name: string): string {
  const words = name.replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2').match(/[\p{L}\p{N}]+/gu) ?? []
  return `^[^\\p{L}\\p{N}\\n]{0,10}${words.map((word) => RE2JS.quote(word)).join('[\\s_.-]{0,3}')}\\s{0,5}[:=#][ \\t]{0,20}(\\S[^\\n]{0,300})$`
}

function matchOf(pattern: RE2JS, text: string): string | undefined {
  const matcher = pattern.matcher(text)
  if (!matcher.find()) return undefined
  return matcher.group(matcher.groupCount() > 0 ? 1 : 0) ?? undefined
}

import { termsOf } from '../knowledge/terms.ts'
import { SchemaFaultError } from './model-error.ts'
import { extractOffline } from './offline-extraction.ts'
import type { FieldSpec, ToolChoice, ToolOffer } from './reasoning-model.ts'
import { checkedArguments, checkToolSchemas } from './tool-arguments.ts'

/** Words that say nothing about what a tool does. */
const COMMON = new Set(
  termsOf(
    'a an and any are as at be by can do for from has have how i if in into is it its me my no not of on or our please so that the their them they this to us was we what when where which who will with would you your',
  ).words,
)
/** Of a tool's words and the text's; below it, nothing is near. */
const NEAR = 0.2

const meaningOf = (text: string) => new Set(termsOf(text).words.filter((word) => !COMMON.has(word)))

interface Candidate {
  tool: ToolOffer
  /** Shared words by the geometric mean of how many there are: the cosine of the two sets. */
  nearness: number
  shared: string[]
}

/**
 * Chooses the tool whose name and description share most words with the text, and fills its arguments with what the text says by their names.
 * What was retrieved has no say.
 * @throws {ModelError} for a tool whose schema cannot be checked
 */
export function chooseToolOffline(text: string, tools: ToolOffer[]): Omit<ToolChoice, 'usage'> {
  checkToolSchemas(tools)
  const words = meaningOf(text)
  const [best, second] = tools.map((tool) => candidateOf(tool, words)).sort((a, b) => b.nearness - a.nearness)
  if (best === undefined || best.nearness < NEAR) return none('no tool’s description is near to this text')
  if (second !== undefined && second.nearness === best.nearness)
    return none(`“${best.tool.name}” and “${second.tool.name}” are equally near to this text`)
  const { tool, shared } = best
  try {
    const given = checkedArguments(tool, JSON.stringify(argumentsFrom(text, tool)))
    const rationale = `Offline model: the description of “${tool.name}” is nearest to the text (${shared.join(', ')}).`
    return { tool: tool.name, arguments: given, rationale }
  } catch (error) {
    if (!(error instanceof SchemaFaultError)) throw error
    return none(`“${tool.name}” is nearest to the text, but the text does not say what it needs`)
  }
}

function candidateOf(tool: ToolOffer, words: Set<string>): Candidate {
  const own = meaningOf(`${tool.name.replaceAll(/[_.-]+/g, ' ')} ${tool.description}`)
  const shared = [...own].filter((word) => words.has(word))
  const nearness = shared.length === 0 ? 0 : shared.length / Math.sqrt(own.size * words.size)
  return { tool, nearness, shared: shared.map((word) => word.slice(1)) }
}

const none = (why: string) => ({ tool: null, arguments: {}, rationale: `Offline model: ${why}.` })

interface Property {
  type?: unknown
  format?: unknown
}

function argumentsFrom(text: string, { parameters }: ToolOffer): Record<string, unknown> {
  const properties = Object.entries((parameters['properties'] ?? {}) as Record<string, Property>)
  const fields = properties.map(([name, property]): FieldSpec => ({ name, type: typeOf(property) }))
  const { values } = extractOffline(text, fields)
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
}

function typeOf({ type, format }: Property): FieldSpec['type'] {
  if (type === 'number' || type === 'integer') return 'number'
  if (type === 'boolean') return 'boolean'
  return format === 'date' ? 'date' : 'text'
}

import type { NodeDefinition, WorkflowDefinition } from '../definition.ts'
import { listed } from './report.ts'

const NEED = ['personNeeded', 'quorum']

/** What a step gives, by kind; what a decision and a transform give is for them to say. */
const RESULTS: Record<Exclude<NodeDefinition['kind'], 'decide' | 'transform'>, string[]> = {
  plan: ['text', 'query', 'knowledgeBases'],
  retrieve: ['evidence', 'query'],
  act: ['done', 'results', 'held', 'tool'],
  reflect: ['outcome', 'reason'],
  review: ['action', 'value', 'comment', 'reviewId', 'decidedBy', 'final', 'personNeeded'],
  branch: NEED,
  map: ['items', 'count'],
  subworkflow: ['runId', 'status', 'output'],
  wait: ['timedOut', 'payload'],
}

export function resultOf(node: NodeDefinition): string[] {
  if (node.kind === 'transform') return Object.keys(node.set)
  if (node.kind !== 'decide') return RESULTS[node.kind]
  const own = node.fields === undefined ? ['intent', 'threshold', 'rationale', 'reply'] : ['values', 'missing']
  return [...own, 'action', 'amount', 'confidence', ...NEED]
}

const titleOf = (node: NodeDefinition) =>
  node.kind === 'decide' ? `a decide step ${node.fields === undefined ? 'without' : 'with'} fields` : `a ${node.kind} step`

/** What is wrong with reading this path of a step's result; null when nothing is, as far as one can tell. */
export function faultOfResult(node: NodeDefinition, path: string[], isBody: boolean): string | null {
  const [first, second] = path
  if (first === undefined) return null
  if (isBody)
    return `reads ${node.name}.${first}, but ${node.name} is the body of a map and gives a list: read ${node.name}.map(one, one.${first})`
  const given = resultOf(node)
  if (!given.includes(first)) return `reads ${node.name}.${first}, but ${titleOf(node)} gives ${listed(given)}`
  if (node.kind === 'decide' && first === 'values' && second !== undefined && node.fields)
    return unknownMember(
      `${node.name}.values`,
      second,
      node.fields.map(({ name }) => name),
    )
  if (node.kind === 'review' && first === 'final' && second !== undefined) return faultOfFinal(node, `${node.name}.final`, second)
  return null
}

/** `final` is the proposal with what was edited and derived, or the values that were read. */
export function faultOfFinal(node: NodeDefinition, name: string, member: string): string | null {
  if (node.kind === 'decide')
    return unknownMember(
      name,
      member,
      (node.fields ?? []).map((field) => field.name),
    )
  if (node.kind !== 'review') return null
  const open =
    node.actions.some((action) => action === 'EDIT' || action === 'RESPOND') &&
    node.responseSchema?.['additionalProperties'] !== false
  const answered = Object.keys(node.responseSchema?.['properties'] ?? {})
  const known = [...Object.keys(node.proposal), 'reason', ...Object.keys(node.derive ?? {}), ...answered]
  return open ? null : unknownMember(name, member, known)
}

export function faultOfConstant({ constants }: WorkflowDefinition, path: string[]): string | null {
  let value: unknown = constants
  for (const [at, name] of path.entries()) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    if (!Object.hasOwn(value, name)) return unknownMember(['constants', ...path.slice(0, at)].join('.'), name, Object.keys(value))
    value = (value as Record<string, unknown>)[name]
  }
  return null
}

/** Keywords by which a schema knows more members than `properties` names. */
const OPENINGS = ['patternProperties', '$ref', '$dynamicRef', 'allOf', 'anyOf', 'oneOf', 'if', 'dependentSchemas']

export function faultOfInput({ input }: WorkflowDefinition, path: string[]): string | null {
  let schema: unknown = input
  for (const [at, name] of path.entries()) {
    if (typeof schema !== 'object' || schema === null) return null
    const { properties, additionalProperties } = schema as { properties?: unknown; additionalProperties?: unknown }
    const known = typeof properties === 'object' && properties !== null ? (properties as Record<string, unknown>) : {}
    if (Object.hasOwn(known, name)) schema = known[name]
    else if (additionalProperties !== false || OPENINGS.some((keyword) => Object.hasOwn(schema as object, keyword))) return null
    else return unknownMember(['input', ...path.slice(0, at)].join('.'), name, Object.keys(known))
  }
  return null
}

const unknownMember = (owner: string, member: string, known: Iterable<string>): string | null => {
  const names = [...known]
  return names.includes(member)
    ? null
    : `reads ${owner}.${member}, but ${owner} has ${names.length === 0 ? 'no members' : `only ${listed(names)}`}`
}

import type { NodeDefinition, WorkflowDefinition } from '../definition.ts'
import type { Path } from './report.ts'

/** Where an expression is evaluated, which decides what it can read. */
export type Place =
  | { at: 'node'; name: string; extra: readonly string[] }
  | { at: 'edge'; from: string }
  | { at: 'result' }
  | { at: 'agent' }
  | { at: 'limits' }

/** One expression or template of a definition. */
export interface Text {
  path: Path
  text: string
  is: 'value' | 'condition' | 'template'
  place: Place
}

/** Every expression and template of the definition. */
export function* textsOf(definition: WorkflowDefinition): Generator<Text> {
  for (const [at, node] of definition.nodes.entries()) {
    for (const one of textsOfNode(node)) {
      const place: Place = { at: 'node', name: node.name, extra: one.extra ?? [] }
      yield { path: ['nodes', at, ...one.path], text: one.text, is: one.is ?? 'value', place }
    }
  }
  for (const [at, { from, when }] of definition.edges.entries()) {
    if (when !== undefined) yield { path: ['edges', at, 'when'], text: when, is: 'condition', place: { at: 'edge', from } }
  }
  for (const [name, text] of Object.entries(definition.result)) {
    yield { path: ['result', name], text, is: 'value', place: { at: 'result' } }
  }
  for (const [at, { instructions }] of definition.agents.entries()) {
    yield { path: ['agents', at, 'instructions'], text: instructions, is: 'template', place: { at: 'agent' } }
  }
  const { key } = definition.limits
  if (key !== undefined) yield { path: ['limits', 'key'], text: key, is: 'value', place: { at: 'limits' } }
}

interface NodeText {
  path: Path
  text: string
  is?: Text['is']
  extra?: readonly string[]
}

function* textsOfNode(node: NodeDefinition): Generator<NodeText> {
  for (const name of VALUES[node.kind]) {
    const text = (node as Record<string, unknown>)[name]
    const extra = node.kind === 'decide' ? extraOfDecision(name, node.fields !== undefined) : []
    if (typeof text === 'string') yield { path: [name], text, extra }
  }
  if (node.kind === 'act') {
    for (const [at, call] of node.calls.entries()) yield* values(['calls', at, 'arguments'], call.arguments)
    if (node.choose) yield* present(['choose'], node.choose)
    if (node.hold !== undefined) yield { path: ['hold'], text: node.hold, is: 'condition' }
  }
  if (node.kind === 'reflect') {
    for (const [at, { when, reason }] of node.checks.entries()) {
      if (when !== undefined) yield { path: ['checks', at, 'when'], text: when, is: 'condition' }
      yield { path: ['checks', at, 'reason'], text: reason, is: 'template' }
    }
  }
  if (node.kind === 'review') {
    yield { path: ['question'], text: node.question, is: 'template' }
    if (node.reason !== undefined) yield { path: ['reason'], text: node.reason, is: 'template' }
    yield* values(['proposal'], node.proposal)
    for (const one of values(['derive'], node.derive ?? {})) yield { ...one, extra: ['final'] }
  }
  if (node.kind === 'branch') yield* present(['policy'], node.policy ?? {})
  if (node.kind === 'subworkflow') yield* values(['input'], node.input)
  if (node.kind === 'wait' && node.event) yield { path: ['event', 'key'], text: node.event.key }
  if (node.kind === 'transform') yield* values(['set'], node.set)
}

/** What a decision's follow-ups see beside the rest: the label that was found, or the values that were read. */
function extraOfDecision(member: string, reads: boolean): string[] {
  if (member === 'action') return reads ? ['label', 'final'] : ['label']
  return member === 'amount' ? [reads ? 'final' : 'label'] : []
}

/** Members of a node that are one expression each. */
const VALUES: Record<NodeDefinition['kind'], string[]> = {
  plan: ['text', 'knowledgeBases'],
  retrieve: ['query', 'knowledgeBases'],
  decide: ['text', 'evidence', 'action', 'amount'],
  act: [],
  reflect: [],
  review: ['evidence', 'confidence', 'effect', 'before', 'assignee', 'quorum'],
  branch: [],
  map: ['items'],
  subworkflow: [],
  wait: ['seconds', 'until'],
  transform: [],
}

function* values(path: Path, given: Record<string, string>): Generator<NodeText> {
  for (const [name, text] of Object.entries(given)) yield { path: [...path, name], text }
}

function* present(path: Path, given: Record<string, string | undefined>): Generator<NodeText> {
  for (const [name, text] of Object.entries(given)) if (text !== undefined) yield { path: [...path, name], text }
}

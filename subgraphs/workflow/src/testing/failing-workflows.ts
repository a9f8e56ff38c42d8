import type { FailureCode } from '../engine/failures.ts'
import type { WorkflowDefinition } from '../workflows/definition.ts'

type Given = Record<string, unknown>
const once = { maxAttempts: 1, initialMs: 1, factor: 1, maxMs: 1 }
const plan = { name: 'plan', kind: 'plan', retry: once }
const act = (tool: string, more: Given = {}) => ({ name: 'act', kind: 'act', retry: once, calls: [{ tool, ...more }] })

interface Way {
  nodes: Given[]
  over?: Given
  edges?: Given[]
  code: FailureCode
  reason: RegExp
  retryable: boolean
  consequence?: RegExp
  input?: Given
}

/** Every way that a run can fail in the engine, as the smallest workflow that does. */
export const WAYS: Record<string, Way> = {
  'a request without a word': {
    nodes: [plan],
    input: { text: ' ' },
    code: 'INPUT',
    reason: /no text/,
    retryable: false,
    consequence: /^Nothing was sent\. The request cannot be worked on/,
  },
  'too many items': {
    nodes: [
      { name: 'spread', kind: 'map', items: '[1, 2, 3]', each: 'one', maxItems: 2, retry: once },
      { name: 'one', kind: 'transform', set: { a: 'item' } },
    ],
    edges: [
      { from: '__start__', to: 'spread' },
      { from: 'one', to: '__end__' },
    ],
    code: 'INPUT',
    reason: /There are 3 items/,
    retryable: false,
  },
  'a time that is none': {
    nodes: [{ name: 'wait', kind: 'wait', until: '"soon"', retry: once }],
    code: 'INPUT',
    reason: /needs a time/,
    retryable: false,
  },
  'a base that is not there': {
    nodes: [{ name: 'retrieve', kind: 'retrieve', query: 'input.text', knowledgeBases: '["missing"]', retry: once }],
    code: 'KNOWLEDGE',
    reason: /"missing" does not exist/,
    retryable: false,
  },
  'a base that cannot be searched': {
    nodes: [{ name: 'retrieve', kind: 'retrieve', query: 'input.text', knowledgeBases: '["down"]', retry: once }],
    code: 'KNOWLEDGE',
    reason: /cannot be searched/,
    retryable: true,
  },
  'a model without an answer': {
    nodes: [{ name: 'decide', kind: 'decide', retry: once }],
    code: 'MODEL',
    reason: /could not decide/,
    retryable: true,
  },
  'a tool that is not set up': {
    nodes: [act('nothing')],
    over: { tools: ['nothing'] },
    code: 'TOOL',
    reason: /not set up/,
    retryable: false,
  },
  'a tool that refuses': {
    nodes: [act('refuses')],
    over: { tools: ['refuses'] },
    code: 'TOOL',
    reason: /did not do it\. It says no/,
    retryable: false,
    consequence: /^Nothing was sent/,
  },
  'a tool of which nobody knows': {
    nodes: [act('vanishes')],
    over: { tools: ['vanishes'] },
    code: 'TOOL',
    reason: /did not do it/,
    retryable: true,
    consequence: /^Nobody can tell whether vanishes did its part/,
  },
  'the second of two tools': {
    nodes: [{ ...act('artifact'), calls: [{ tool: 'artifact' }, { tool: 'refuses' }] }],
    over: { tools: ['artifact', 'refuses'] },
    code: 'TOOL',
    reason: /"refuses"/,
    retryable: false,
    consequence: /^The result was stored, but refuses was not used\./,
  },
  'a workflow that is not there': {
    nodes: [{ name: 'sub', kind: 'subworkflow', workflow: 'nowhere', input: {}, retry: once }],
    code: 'TOOL',
    reason: /"nowhere" could not be started/,
    retryable: false,
  },
  'a tool that is not allowed': {
    nodes: [act('artifact')],
    code: 'POLICY',
    reason: /may not use/,
    retryable: false,
    consequence: /The rule was kept/,
  },
  'a tool without approval': {
    nodes: [act('artifact')],
    over: { tools: ['artifact'], policy: { review: { tools: ['artifact'] } } },
    code: 'POLICY',
    reason: /only after a person approved/,
    retryable: false,
  },
  'too many visits': {
    nodes: [plan],
    edges: [
      { from: '__start__', to: 'plan' },
      { from: 'plan', to: 'plan' },
    ],
    over: { budgets: { visits: 2 } },
    code: 'BUDGET',
    reason: /was reached 3 times/,
    retryable: false,
  },
  'too many steps': {
    nodes: [plan],
    edges: [
      { from: '__start__', to: 'plan' },
      { from: 'plan', to: 'plan' },
    ],
    over: { budgets: { steps: 3 } },
    code: 'BUDGET',
    reason: /more than 3 steps/,
    retryable: false,
  },
  'a state too large': {
    nodes: [
      {
        name: 'grow',
        kind: 'transform',
        set: Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`f${index}`, 'input.big'])),
      },
      plan,
    ],
    edges: [
      { from: '__start__', to: 'grow' },
      { from: 'grow', to: 'plan' },
    ],
    input: { text: 'x', big: 'a'.repeat(200_000) },
    code: 'BUDGET',
    reason: /has grown to/,
    retryable: false,
  },
  'a step too slow': {
    nodes: [{ ...act('sleeps'), timeoutMs: 100 }],
    over: { tools: ['sleeps'] },
    code: 'TIMEOUT',
    reason: /took longer than 0\.1 s/,
    retryable: true,
    consequence: /^Nobody can tell whether sleeps/,
  },
  'a wrong expression': {
    nodes: [{ name: 'work', kind: 'transform', set: { a: 'input.missing.deep' }, retry: once }],
    code: 'PLATFORM',
    reason: /could not be worked out/,
    retryable: false,
  },
  'no way on': {
    nodes: [plan],
    edges: [
      { from: '__start__', to: 'plan' },
      { from: 'plan', to: '__end__', when: 'false' },
    ],
    code: 'PLATFORM',
    reason: /No way leads on/,
    retryable: false,
  },
  'a result that does not fit': {
    nodes: [plan],
    over: { output: { type: 'object', required: ['sum'], properties: {} } },
    code: 'PLATFORM',
    reason: /does not fit the workflow’s output/,
    retryable: false,
  },
  'too many tokens': {
    nodes: [{ name: 'decide', kind: 'decide', agent: 'works', retry: once }, plan],
    edges: [
      { from: '__start__', to: 'decide' },
      { from: 'decide', to: 'plan' },
    ],
    over: { agents: [{ name: 'works', model: 'works', instructions: '' }], budgets: { tokens: 1 } },
    code: 'BUDGET',
    reason: /has used 15 tokens; 1 are allowed/,
    retryable: false,
  },
  'too long in all': {
    nodes: [plan],
    over: { budgets: { wallHours: 1e-9 } },
    code: 'BUDGET',
    reason: /has taken longer than/,
    retryable: false,
  },
  'another run that failed': {
    nodes: [{ name: 'sub', kind: 'subworkflow', workflow: 'way-0', input: { text: '" "' }, retry: once }],
    code: 'TOOL',
    reason: /^The run of "way-0" ended as failed: The request has no text/,
    retryable: false,
  },
  'a fault of ours': {
    nodes: [{ name: 'decide', kind: 'decide', agent: 'broken', retry: once }],
    over: { agents: [{ name: 'broken', model: 'broken', instructions: '' }] },
    code: 'PLATFORM',
    reason: /on our side/,
    retryable: true,
  },
}

const straight = (nodes: Given[]) => {
  const names = ['__start__', ...nodes.map(({ name }) => name as string), '__end__']
  return names.slice(1).map((to, index) => ({ from: names[index], to }))
}

export const definitionOf = ({ nodes, edges, over }: Way): WorkflowDefinition =>
  ({
    input: { type: 'object', properties: {} },
    output: { type: 'object', properties: {} },
    nodes,
    edges: edges ?? straight(nodes),
    result: { ok: 'true' },
    ...over,
  }) as never

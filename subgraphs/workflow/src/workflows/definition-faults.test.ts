import { describe, expect, it } from '@jest/globals'
import { checkDefinition } from './check-definition.ts'
import type { DefinitionDocument } from './definition-builder.ts'
import { supportTriage } from './support-triage.ts'

type Node = DefinitionDocument['nodes'][number]
type Edge = DefinitionDocument['edges'][number]

const set = (name: string, value = '1', more: object = {}): Node => ({ name, kind: 'transform', set: { value }, ...more })
const way = (from: string, to: string, when?: string): Edge => (when === undefined ? { from, to } : { from, to, when })
const line = (...names: string[]) => names.slice(1).map((name, at) => way(names[at]!, name))
const review = (more: object): Node => ({ name: 'ask', kind: 'review', question: 'Well?', proposal: { x: '1' }, ...more })

/** A sound workflow of one step but for what is given. */
const document = (over: object) => ({
  input: { type: 'object', additionalProperties: false, properties: { text: { type: 'string' } } },
  output: { type: 'object' },
  constants: { limits: { high: 10 } },
  nodes: [set('a')],
  edges: line('__start__', 'a', '__end__'),
  result: { value: 'a.value' },
  ...over,
})
const only = (node: object) => ({ nodes: [node], edges: line('__start__', (node as Node).name, '__end__'), result: {} })
const value = (text: string) => only(set('a', text))

describe('a definition', () => {
  it('is accepted when nothing is wrong with it, with its defaults', () => {
    expect(checkDefinition(document({}))).toMatchObject({ definition: { budgets: { visits: 25 }, limits: {} } })
    expect(checkDefinition(supportTriage.definition)).not.toHaveProperty('faults')
  })

  it.each<[what: string, over: object, path: string, message: RegExp]>([
    ['a part that is missing', { nodes: undefined }, 'nodes', /is missing/],
    ['a kind that there is not', only({ name: 'a', kind: 'loop' }), 'nodes.0.kind', /must be one of plan, .*transform/],
    ['a member that is not known', only({ ...set('a'), timeout: 3 }), 'nodes.0.timeout', /not known/],
    ['a number out of range', only(set('a', '1', { timeoutMs: 5 })), 'nodes.0.timeoutMs', /at least 100/],
    ['a name twice', { nodes: [set('a'), set('a')] }, 'nodes.1.name', /unique/],
    ['a name with another meaning', only(set('input')), 'nodes.0.name', /must not be input/],
    [
      'a way to nowhere',
      { edges: line('__start__', 'a', 'b') },
      'edges.1.to',
      /is no step; the steps are a, and the end is __end__/,
    ],
    [
      'a way on from the end',
      { edges: [...line('__start__', 'a', '__end__'), way('__end__', 'a')] },
      'edges.2.from',
      /nothing comes after/,
    ],
    ['no start', { edges: line('a', '__end__') }, 'edges', /one edge from __start__/],
    [
      'two starts',
      { edges: [way('__start__', 'a'), ...line('__start__', 'a', '__end__')] },
      'edges.1',
      /second way from __start__|second time/,
    ],
    [
      'a start with a condition',
      { edges: [way('__start__', 'a', 'true'), way('a', '__end__')] },
      'edges.0.when',
      /has no condition/,
    ],
    ['a dead end', { edges: line('__start__', 'a') }, 'nodes.0', /dead end/],
    [
      'a step that is not reached',
      { nodes: [set('a'), set('b')], edges: [...line('__start__', 'a', '__end__'), way('b', '__end__')] },
      'nodes.1',
      /never reached/,
    ],
    [
      'a loop without an exit',
      { nodes: [set('a'), set('b')], edges: [...line('__start__', 'a', 'b', 'a')], result: {} },
      'nodes.0',
      /never comes to __end__/,
    ],
    [
      'a loop that is left and goes on for ever',
      { nodes: [set('a'), set('b')], edges: [...line('__start__', 'a', 'b', 'a'), way('b', '__end__')] },
      'edges.2',
      /never left/,
    ],
    [
      'only ways with a condition',
      { edges: [way('__start__', 'a'), way('a', '__end__', 'a.value > 1')] },
      'nodes.0',
      /for when none of them holds/,
    ],
    [
      'two ways that are left',
      {
        nodes: [set('a'), set('b')],
        edges: [...line('__start__', 'a', 'b', '__end__'), way('a', '__end__'), way('a', 'b', 'true')],
      },
      'edges.3',
      /second way without a condition/,
    ],
    [
      'a join of ways that exclude each other',
      {
        nodes: [set('a'), set('b'), set('c'), set('d', '1', { join: 'all' })],
        edges: [...line('__start__', 'a', 'b', 'd', '__end__'), way('a', 'c', 'a.value > 1'), way('c', 'd')],
      },
      'nodes.3.join',
      /do not always all run/,
    ],
    [
      'a join over a condition',
      {
        nodes: [set('a'), set('b'), set('d', '1', { join: 'all' })],
        edges: [...line('__start__', 'a', 'b', 'd', '__end__'), way('b', '__end__', 'true'), way('a', 'd')],
      },
      'edges.2',
      /only one of the ways out of b/,
    ],
    [
      'a join with what comes after it',
      {
        nodes: [set('a'), set('b', '1', { join: 'all' }), set('c')],
        edges: [...line('__start__', 'a', 'b', 'c', 'b'), way('c', '__end__')],
      },
      'nodes.1.join',
      /only comes after it/,
    ],
    ['a map without a body', only({ name: 'm', kind: 'map', items: 'input.text', each: 'x' }), 'nodes.0.each', /no step/],
    [
      'a way out of a map',
      {
        nodes: [{ name: 'm', kind: 'map', items: '[1]', each: 'a' }, set('a', 'item')],
        edges: line('__start__', 'm', '__end__'),
        result: {},
      },
      'edges.1.from',
      /begin at a/,
    ],
    [
      'a way into a body',
      {
        nodes: [{ name: 'm', kind: 'map', items: '[1]', each: 'a' }, set('a', 'item')],
        edges: [...line('__start__', 'm'), ...line('a', 'a', '__end__')],
        result: {},
      },
      'edges.1.to',
      /only the map leads to it/,
    ],
    [
      'a condition in a body',
      {
        nodes: [{ name: 'm', kind: 'map', items: '[1]', each: 'a' }, set('a', 'item')],
        edges: [way('__start__', 'm'), way('a', '__end__', 'true')],
        result: {},
      },
      'edges.1.when',
      /let a step after it choose/,
    ],
    [
      'a field of the other way to decide',
      { ...only({ name: 'a', kind: 'decide', fields: [] }), result: { x: 'a.intent' } },
      'result.x',
      /with fields gives values, missing/,
    ],
    [
      'a list read as one',
      {
        nodes: [{ name: 'm', kind: 'map', items: '[1]', each: 'a' }, set('a', 'item')],
        edges: [way('__start__', 'm'), way('a', '__end__')],
      },
      'result.value',
      /a\.map\(one, one\.value\)/,
    ],
    [
      'an agent that is not declared',
      only(set('a', '1', { agent: 'Nobody' })),
      'nodes.0.agent',
      /not declared: agents of the definition has none/,
    ],
    [
      'a tool that is not declared',
      only({ name: 'a', kind: 'act', calls: [{ tool: 'n8n' }] }),
      'nodes.0.calls.0.tool',
      /not declared/,
    ],
    [
      'a base that is not declared',
      { agents: [{ name: 'A', instructions: '', knowledgeBases: ['x'] }] },
      'agents.0.knowledgeBases.0',
      /not declared/,
    ],
    [
      'a choice without tools',
      only({ name: 'a', kind: 'act', choose: { text: 'input.text' } }),
      'nodes.0.choose',
      /agent that has tools/,
    ],
    ['an expression that cannot be read', value('1 +'), 'nodes.0.set.value', /cannot be read/],
    ['an expression that cannot work', value('1 + "x"'), 'nodes.0.set.value', /never be evaluated: no such overload/],
    ['a name that there is not', value('nothing.value'), 'nodes.0.set.value', /reads nothing, which is not known here/],
    ['a field that a kind does not give', { result: { value: 'a.total' } }, 'result.value', /transform step gives value/],
    ['an input that the schema does not know', value('input.txt'), 'nodes.0.set.value', /input has only text/],
    ['a constant that there is not', value('constants.limits.low'), 'nodes.0.set.value', /constants\.limits has only high/],
    ['visits of no step', value('visits.b'), 'nodes.0.set.value', /no step b/],
    ['an item outside of a map', value('item'), 'nodes.0.set.value', /reads item/],
    [
      'what only comes later',
      { nodes: [set('a', 'b.value'), set('b')], edges: line('__start__', 'a', 'b', '__end__') },
      'nodes.0.set.value',
      /never runs before/,
    ],
    [
      'what may not have run',
      {
        nodes: [set('a'), set('b'), set('c', 'b.value')],
        edges: [...line('__start__', 'a', 'b', 'c', '__end__'), way('a', 'c', 'true')],
      },
      'nodes.2.set.value',
      /b == null \? …/,
    ],
    [
      'a condition that is none',
      { edges: [way('__start__', 'a'), way('a', '__end__'), way('a', 'a', '"yes"')] },
      'edges.2.when',
      /true or false/,
    ],
    [
      'a pattern that could hang',
      only({ name: 'a', kind: 'decide', fields: [{ name: 'x', type: 'text', pattern: '(a)\\1' }] }),
      'nodes.0.fields.0.pattern',
      /RE2/,
    ],
    ['a pattern in an expression', value('like(input.text, "(")'), 'nodes.0.set.value', /pattern/],
    ['a template that is not closed', only(review({ question: 'Is {{ 1 right?' })), 'nodes.0.question', /without its }}/],
    [
      'a schema that does not compile',
      { input: { type: 'object', properties: { a: { type: 'texts' } } } },
      'input',
      /not a JSON Schema/,
    ],
    ['a schema of a list', { output: { type: 'array' } }, 'output.type', /must be object/],
    ['a schema that looks outside', { input: { $ref: 'https://example.com/schema' } }, 'input.$ref', /stay in this schema/],
    [
      'an answer that does not compile',
      only(review({ responseSchema: { required: 3 } })),
      'nodes.0.responseSchema',
      /not a JSON Schema/,
    ],
    [
      'an expiry before it is due',
      only(review({ dueHours: 24, onExpiry: { afterHours: 2, action: 'FAIL' } })),
      'nodes.0.onExpiry.afterHours',
      /at least 24 hours/,
    ],
    [
      'a reminder after it is due',
      only(review({ dueHours: 4, remindHours: [5] })),
      'nodes.0.remindHours.0',
      /less than the 4 hours/,
    ],
    ['a quorum that nobody reaches', only(review({ quorum: 2, actions: ['REJECT'] })), 'nodes.0.quorum', /APPROVE/],
    ['a wait without a length', only({ name: 'w', kind: 'wait' }), 'nodes.0', /how long/],
    ['a wait with two lengths', only({ name: 'w', kind: 'wait', seconds: '1', until: 'input.text' }), 'nodes.0', /one of/],
    [
      'amounts that fall',
      { policy: { review: { amounts: [{ above: 9 }, { above: 3 }] } } },
      'policy.review.amounts.1.above',
      /more than the one before/,
    ],
    ['a key that needs a run', { limits: { key: 'a.value' } }, 'limits.key', /only input before a run begins/],
    ['a document that is too large', { constants: { long: 'x'.repeat(600_000) } }, '', /512 KB/],
  ])('names the place and the reason: %s', (_what, over, path, message) => {
    const checked = checkDefinition(document(over))
    expect('faults' in checked ? checked.faults : []).toContainEqual({ path, message: expect.stringMatching(message) })
  })

  it('ends soon on what is no document: a cycle, a depth, a list without end', () => {
    const cycle: Record<string, unknown> = document({})
    cycle['constants'] = { cycle }
    let deep: unknown = {}
    for (let at = 0; at < 100_000; at += 1) deep = { deep }
    const many = document({ constants: { many: Array.from({ length: 1_000_000 }, () => ({})) } })
    const trap = Object.defineProperty({}, 'nodes', {
      enumerable: true,
      get: () => {
        throw new Error('no')
      },
    })
    for (const one of [cycle, deep, many, trap, Object.assign([], { length: 4_000_000_000 })])
      expect(checkDefinition(one)).toHaveProperty('faults')
  })
})

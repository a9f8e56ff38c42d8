import type { ShippedWorkflow } from '../workflows/shipped.ts'
import type { Random } from './random.ts'

/** What was decided at a review, as its step keeps it. */
export interface Decided {
  action: string
  note: string
}

/** One run that the trial starts, and what must come of it. */
export interface Job {
  label: string
  workflow: string
  input: Record<string, unknown>
  status: 'SUCCEEDED' | 'FAILED'
  /** The output, by what was decided at its reviews; null for one that fails. */
  output: ((decided: (node: string) => Decided) => unknown) | null
  /** The identities of its effects, those of the runs that it starts included. */
  effects: string[]
  /** How many runs it starts. */
  children: number
}

type Definition = ShippedWorkflow['definition']
type Nodes = Definition['nodes']

const retry = { maxAttempts: 20, initialMs: 10, factor: 1.5, maxMs: 100 }

const effect = (name: string, identity: string, tool = 'post', more: object = {}): Nodes[number] => ({
  name,
  kind: 'act',
  retry,
  calls: [{ tool, arguments: { identity } }],
  ...more,
})

const review = (name: string): Nodes[number] => ({
  name,
  kind: 'review',
  question: 'Is it right?',
  proposal: { note: '"proposed"' },
  actions: ['APPROVE', 'EDIT', 'REJECT'],
})

/** Several steps cannot be the first. */
const begin: Nodes[number] = { name: 'begin', kind: 'transform', set: { label: 'input.label' } }

const definitionOf = (nodes: Nodes, edges: string[], result: Record<string, string>): Definition => ({
  input: { type: 'object' },
  output: { type: 'object' },
  tools: ['post', 'letter', 'refuse'],
  nodes,
  edges: edges.flatMap((chain) => {
    const names = chain.split(' ')
    return names.slice(1).map((to, index) => ({ from: names[index]!, to }))
  }),
  result,
})

const child = (name: string, workflow: string): Nodes[number] => ({
  name,
  kind: 'subworkflow',
  retry,
  workflow,
  input: { label: `input.label + ":${name}"` },
})

/** The workflows that are crashed, by slug. */
export const WORKFLOWS: Record<string, Definition> = {
  line: definitionOf(
    [
      { name: 'note', kind: 'transform', set: { text: '"about " + input.label' } },
      effect('first', 'input.label + ":first"'),
      effect('second', 'input.label + ":second"'),
    ],
    ['__start__ note first second __end__'],
    { text: 'note.text', receipts: '[first.results.post.receipt, second.results.post.receipt]' },
  ),
  spread: definitionOf(
    [
      { name: 'spread', kind: 'map', items: 'input.items', each: 'each' },
      effect('each', 'input.label + ":" + item'),
      effect('close', 'input.label + ":close"'),
    ],
    ['__start__ spread', 'each close __end__'],
    { receipts: 'each.map(one, one.results.post.receipt)' },
  ),
  ask: definitionOf(
    [
      begin,
      review('ask'),
      effect('work', 'input.label + ":work"'),
      effect('gather', 'input.label + ":" + ask.action', 'post', { join: 'all' }),
    ],
    ['__start__ begin ask gather', 'begin work gather', 'gather __end__'],
    { action: 'ask.action', note: 'ask.final.note', receipt: 'gather.results.post.receipt' },
  ),
  crowd: definitionOf(
    [
      begin,
      review('left'),
      review('right'),
      { name: 'pause', kind: 'wait', seconds: '0.3' },
      { name: 'nap', kind: 'wait', seconds: '0.1' },
      effect('after', 'input.label + ":after"'),
      effect('gather', 'input.label + ":gather"', 'post', { join: 'all' }),
    ],
    ['__start__ begin left gather', 'begin right gather', 'begin pause after gather', 'begin nap gather', 'gather __end__'],
    { left: 'left.action', right: 'right.action', notes: '[left.final.note, right.final.note]', late: 'pause.timedOut' },
  ),
  family: definitionOf(
    [begin, child('one', 'line'), child('two', 'ask'), effect('gather', 'input.label + ":gather"', 'post', { join: 'all' })],
    ['__start__ begin one gather', 'begin two gather', 'gather __end__'],
    { one: 'one.output.text', two: 'two.output.action' },
  ),
  letter: definitionOf([effect('send', 'input.label + ":send"', 'letter')], ['__start__ send __end__'], {
    done: 'send.done',
  }),
  refused: definitionOf([effect('try_it', 'input.label', 'refuse')], ['__start__ try_it __end__'], {}),
  orphan: definitionOf([child('one', 'refused')], ['__start__ one __end__'], {}),
}

const plain = (label: string, workflow: string, over: Partial<Job> = {}): Job => ({
  label,
  workflow,
  input: { label },
  status: 'SUCCEEDED',
  output: null,
  effects: [],
  children: 0,
  ...over,
})

/** A job of one workflow. */
export const JOBS: Record<string, (label: string, random: Random) => Job> = {
  line: (label) =>
    plain(label, 'line', {
      output: () => ({ text: `about ${label}`, receipts: [`${label}:first`, `${label}:second`] }),
      effects: [`${label}:first`, `${label}:second`],
    }),
  spread: (label, random) => {
    const items = Array.from({ length: random.between(0, 5) }, (_, index) => `item${index}`)
    const receipts = items.map((item) => `${label}:${item}`)
    return plain(label, 'spread', {
      input: { label, items },
      output: () => ({ receipts }),
      effects: [...receipts, `${label}:close`],
    })
  },
  ask: (label) =>
    plain(label, 'ask', {
      output: (decided) => ({ ...decided('ask'), receipt: `${label}:${decided('ask').action}` }),
      effects: [`${label}:work`, `${label}:<ask>`],
    }),
  crowd: (label) =>
    plain(label, 'crowd', {
      output: (decided) => {
        const [left, right] = [decided('left'), decided('right')]
        return { left: left.action, right: right.action, notes: [left.note, right.note], late: false }
      },
      effects: [`${label}:after`, `${label}:gather`],
    }),
  family: (label) =>
    plain(label, 'family', {
      output: (decided) => ({ one: `about ${label}:one`, two: decided('two/ask').action }),
      effects: [`${label}:gather`, `${label}:one:first`, `${label}:one:second`, `${label}:two:work`, `${label}:two:<ask>`],
      children: 2,
    }),
  letter: (label) => plain(label, 'letter', { output: () => ({ done: true }), effects: [`${label}:send`] }),
  refused: (label) => plain(label, 'refused', { status: 'FAILED' }),
  orphan: (label) => plain(label, 'orphan', { status: 'FAILED', children: 1 }),
}

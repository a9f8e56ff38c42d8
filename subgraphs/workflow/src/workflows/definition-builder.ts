import type { z } from 'zod'
import type { Block } from './definition-arbitraries.ts'
import type { workflowDefinition } from './definition.ts'

/** A definition as an author writes it, defaults left out. */
export type DefinitionDocument = z.input<typeof workflowDefinition>
type NodeDocument = DefinitionDocument['nodes'][number]
/** Leaves out the name from each member of the union. */
type Nameless<T> = T extends unknown ? Omit<T, 'name'> : never

/** The one way into a block and the one out of it. Every exit is a transform with a `value`. */
interface Ends {
  entry: string
  exit: string
}

/** Writes the definition of a tree of blocks, so that it is valid by the way it is made. */
export class DefinitionBuilder {
  readonly #nodes: NodeDocument[] = []
  readonly #edges: DefinitionDocument['edges'] = []
  /** Transforms that have certainly run at this place, and those that may have. */
  #certain: string[] = []
  #possible: string[] = []

  build(block: Block): DefinitionDocument {
    const { entry, exit } = this.#block(block)
    const last = this.#transform(0)
    this.#edge('__start__', entry)
    this.#edge(exit, last)
    this.#edge(last, '__end__')
    return {
      input: {
        type: 'object',
        required: ['n', 'flag', 'items', 'text'],
        additionalProperties: false,
        properties: {
          n: { type: 'number' },
          flag: { type: 'boolean' },
          items: { type: 'array', items: { type: 'number' } },
          text: { type: 'string' },
        },
      },
      output: { type: 'object' },
      constants: { step: 3, words: { yes: 'yes' } },
      knowledgeBases: ['base'],
      agents: [{ name: 'Agent', instructions: 'Answer {{ input.text }}.', tools: ['artifact'], knowledgeBases: ['base'] }],
      tools: ['artifact'],
      nodes: this.#nodes,
      edges: this.#edges,
      result: { value: `${last}.value`, ...(this.#possible.length > 0 ? { maybe: this.#maybe(0) } : {}) },
    }
  }

  #block(block: Block): Ends {
    switch (block.is) {
      case 'step':
        return this.#step(block.n)
      case 'agents':
        return this.#agents(block.n)
      case 'sequence':
        return this.#sequence(block.blocks.map((one) => () => this.#block(one)))
      case 'choice':
        return this.#choice(block.n, [() => this.#block(block.one), () => this.#block(block.other)])
      case 'parallel':
        return this.#parallel(block.n, block.arms)
      case 'map':
        return this.#map(block.n)
      case 'loop':
        return this.#loop(block)
    }
  }

  #step(n: number): Ends {
    if (n < 4) return this.#single(this.#transform(n))
    if (n === 4) return this.#then(this.#add('wait', { kind: 'wait', seconds: '0' }), n)
    if (n === 5) return this.#then(this.#add('branch', { kind: 'branch', policy: { amount: this.#number(n) } }), n)
    return this.#then(
      this.#add('reflect', {
        kind: 'reflect',
        checks: [
          { when: this.#condition(n), outcome: 'more', reason: `There are {{ ${this.#number(n)} }}.` },
          { outcome: 'done', reason: 'Enough.' },
        ],
      }),
      n,
    )
  }

  /** Plan, retrieve, decide, a person, act: one after the other. */
  #agents(n: number): Ends {
    const agent = 'Agent'
    const plan = this.#add('plan', { kind: 'plan', agent })
    const retrieve = this.#add('retrieve', { kind: 'retrieve', query: `${plan}.query`, widen: n > 3 })
    const reads = n > 4
    const decide = this.#add('decide', {
      kind: 'decide',
      agent,
      writer: agent,
      evidence: `${retrieve}.evidence`,
      action: 'label == "x" ? "refund" : label',
      ...(reads ? { fields: [{ name: 'total', type: 'number', pattern: 'total: *([0-9.,]+)' }] } : {}),
    })
    const review = this.#add('review', {
      kind: 'review',
      question: `Is {{ ${decide}.${reads ? 'values.total' : 'intent'} }} right?`,
      proposal: { reply: reads ? `${decide}.missing` : `${decide}.reply` },
      derive: { size: 'size(final.reply)' },
      quorum: n > 5 ? `${decide}.quorum` : 1,
      ...(n > 3 ? { onExpiry: { afterHours: 48, action: 'REJECT' } } : {}),
    })
    const act = this.#add('act', {
      kind: 'act',
      calls: [{ tool: 'artifact', arguments: { content: `${review} == null ? "" : ${review}.final.reply` } }],
      hold: `${decide}.confidence < 0.5`,
    })
    for (const [from, to] of [
      [plan, retrieve],
      [retrieve, decide],
      [review, act],
    ] as const)
      this.#edge(from, to)
    this.#edge(decide, review, `${decide}.personNeeded != null`)
    this.#edge(decide, act)
    return { entry: plan, exit: this.#after(act, n) }
  }

  #sequence(parts: (() => Ends)[]): Ends {
    const ends = parts.map((part) => part())
    ends.slice(1).forEach(({ entry }, at) => this.#edge(ends[at]!.exit, entry))
    return { entry: ends[0]!.entry, exit: ends.at(-1)!.exit }
  }

  #choice(n: number, parts: (() => Ends)[]): Ends {
    const fork = this.#transform(n)
    const arms = this.#apart(parts)
    arms.forEach(({ entry }, at) => this.#edge(fork, entry, at === arms.length - 1 ? undefined : this.#condition(n)))
    const meet = this.#transform(n)
    for (const { exit } of arms) this.#edge(exit, meet)
    return { entry: fork, exit: meet }
  }

  #parallel(n: number, blocks: Block[]): Ends {
    const fork = this.#transform(n)
    const arms = this.#apart(blocks.map((block) => () => this.#block(block)))
    for (const { entry } of arms) this.#edge(fork, entry)
    const meet = this.#transform(n, 'all')
    for (const { exit } of arms) this.#edge(exit, meet)
    return { entry: fork, exit: meet }
  }

  #map(n: number): Ends {
    const each = this.#add('body', { kind: 'transform', set: { value: `item * ${n} + index` } })
    const map = this.#add('map', { kind: 'map', items: 'input.items', each })
    const sum = this.#add('sum', { kind: 'transform', set: { value: `sum(${each}.map(one, one.value)) + ${map}.count` } })
    this.#edge(each, sum)
    this.#certain.push(sum)
    return { entry: map, exit: sum }
  }

  #loop({ n, times, body }: Block & { is: 'loop' }): Ends {
    const { entry, exit } = this.#block(body)
    const again = this.#transform(n)
    const out = this.#transform(n)
    this.#edge(exit, again)
    this.#edge(again, entry, `visits.${again} < ${times}`)
    this.#edge(again, out)
    return { entry, exit: out }
  }

  /** What is certain within one arm may have run after all of them; the other arms know nothing of it. */
  #apart(parts: (() => Ends)[]): Ends[] {
    const before = { certain: this.#certain, possible: this.#possible }
    const gained: string[] = []
    const arms = parts.map((part) => {
      this.#certain = [...before.certain]
      this.#possible = [...before.possible]
      const ends = part()
      gained.push(...this.#certain.slice(before.certain.length), ...this.#possible.slice(before.possible.length))
      return ends
    })
    this.#certain = before.certain
    this.#possible = [...before.possible, ...gained]
    return arms
  }

  #transform(n: number, join?: 'all'): string {
    const name = this.#add('step', { kind: 'transform', set: { value: this.#number(n) }, ...(join ? { join } : {}) })
    this.#certain.push(name)
    return name
  }

  #after(name: string, n: number): string {
    const next = this.#transform(n)
    this.#edge(name, next)
    return next
  }

  #then = (name: string, n: number): Ends => ({ entry: name, exit: this.#after(name, n) })
  #single = (name: string): Ends => ({ entry: name, exit: name })

  #add(word: string, node: Nameless<NodeDocument>): string {
    const name = `${word}${this.#nodes.length + 1}`
    this.#nodes.push({ name, ...node })
    return name
  }

  #edge(from: string, to: string, when?: string) {
    this.#edges.push(when === undefined ? { from, to } : { from, to, when })
  }

  #number(n: number): string {
    const last = this.#certain.at(-1)
    const plain = ['input.n', 'size(input.items)', 'constants.step * 2', 'input.n + constants.step']
    if (n % 3 === 0 && last !== undefined) return `${last}.value + ${n}`
    return n % 3 === 1 && this.#possible.length > 0 ? this.#maybe(n) : plain[n % 4]!
  }

  #maybe(n: number): string {
    const name = this.#possible[n % this.#possible.length]!
    return `${name} == null ? 0 : ${name}.value`
  }

  #condition(n: number): string {
    return n % 2 === 0
      ? 'input.flag'
      : `${this.#certain.at(-1) === undefined ? 'input.n' : `${this.#certain.at(-1)}.value`} > ${n}`
  }
}

import fc from 'fast-check'
import { DefinitionBuilder, type DefinitionDocument } from './definition-builder.ts'

/** A piece of a workflow with one way in and one way out; `n` are small numbers that pick what stands in it. */
export type Block =
  | { is: 'step'; n: number }
  | { is: 'agents'; n: number }
  | { is: 'sequence'; blocks: Block[] }
  | { is: 'choice'; n: number; one: Block; other: Block }
  | { is: 'parallel'; n: number; arms: Block[] }
  | { is: 'map'; n: number }
  | { is: 'loop'; n: number; times: number; body: Block }

const n = fc.nat(7)
const step = fc.record({ is: fc.constant('step' as const), n })

const blocksOf = (leaves: fc.Arbitrary<Block>[]): fc.Arbitrary<Block> =>
  fc.letrec<{ block: Block }>((tie) => ({
    block: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      step,
      ...leaves,
      fc.record({ is: fc.constant('map' as const), n }),
      fc.record({ is: fc.constant('sequence' as const), blocks: fc.array(tie('block'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ is: fc.constant('choice' as const), n, one: tie('block'), other: tie('block') }),
      fc.record({ is: fc.constant('parallel' as const), n, arms: fc.array(tie('block'), { minLength: 2, maxLength: 3 }) }),
      fc.record({ is: fc.constant('loop' as const), n, times: fc.integer({ min: 1, max: 3 }), body: tie('block') }),
    ),
  })).block

const build = (block: Block): DefinitionDocument => new DefinitionBuilder().build(block)

/**
 * Valid definitions that need nobody and nothing outside: transform, branch, reflect, wait (0 s) and map, in sequences, choices, parallel arms
 * that meet, and loops of at most three rounds. Any `runnableInputs` runs through them to the end.
 */
export const runnableDefinitions: fc.Arbitrary<DefinitionDocument> = blocksOf([]).map(build)

/** What `runnableDefinitions` take. */
export const runnableInputs = fc.record({
  n: fc.integer({ min: -1_000, max: 1_000 }),
  flag: fc.boolean(),
  items: fc.array(fc.integer({ min: -100, max: 100 }), { maxLength: 5 }),
  text: fc.constant('A request.'),
})

/** Valid definitions of every kind of step. */
export const validDefinitions: fc.Arbitrary<DefinitionDocument> = blocksOf([
  fc.record({ is: fc.constant('agents' as const), n }),
]).map(build)

/** What is done to a document: at the place that the number picks, the value is taken away, replaced, doubled or nested. */
const wound = fc.record({
  place: fc.nat(),
  act: fc.constantFrom('remove', 'replace', 'double', 'nest'),
  value: fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('__start__', '__end__', 'step1', 'step2', 'input.missing', '{{', -1, 1e12, ''),
  ),
})
type Wound = typeof wound extends fc.Arbitrary<infer T> ? T : never

/** Valid definitions that somebody broke in one to three places. */
export const brokenDefinitions: fc.Arbitrary<unknown> = fc
  .tuple(validDefinitions, fc.array(wound, { minLength: 1, maxLength: 3 }))
  .map(([document, wounds]) => wounds.reduce<unknown>(injure, document))

function injure(document: unknown, { place, act, value }: Wound): unknown {
  const copy = structuredClone(document) as object
  const places: [holder: Record<string, unknown>, key: string][] = []
  const collect = (holder: object) => {
    for (const key of Object.keys(holder)) {
      places.push([holder as Record<string, unknown>, key])
      const inner = (holder as Record<string, unknown>)[key]
      if (typeof inner === 'object' && inner !== null) collect(inner)
    }
  }
  collect(copy)
  const [holder, key] = places[place % places.length]!
  const at = Number(key)
  if (act === 'remove' && Array.isArray(holder)) holder.splice(at, 1)
  else if (act === 'remove') delete holder[key]
  else if (act === 'double' && Array.isArray(holder)) holder.push(structuredClone(holder[at]))
  else if (act === 'nest') holder[key] = { [key]: holder[key] }
  else holder[key] = value
  return copy
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { SinkCall, SinkFault } from './messages.ts'
import { Random } from './random.ts'

interface Entry {
  keys: Set<string>
  seen: number
  applied: number
}

/**
 * The other side of effects, outside of the database. `post` recognises a repetition by its key; `letter` does not: it does whatever it is
 * asked. Both fail, answer late or lose their answer as the seed says.
 */
export class Sink {
  readonly entries = new Map<string, Entry>()
  readonly #applied = new Set<string>()

  constructor(private readonly seed: number | string) {}

  /** @throws {SinkFault} */
  async take({ tool, key, identity }: SinkCall): Promise<Record<string, unknown>> {
    if (tool === 'refuse') throw fault({ message: 'It refuses.', retryable: false })
    const entry = this.#entry(identity)
    entry.seen += 1
    entry.keys.add(key)
    const mood = new Random(`${this.seed}:${identity}`)
    const failures = tool === 'post' && mood.chance(0.3) ? mood.between(1, 2) : 0
    const losesAnswer = mood.chance(0.15)
    const delayMs = mood.chance(0.5) ? mood.between(0, 150) : 0
    if (entry.seen <= failures) throw fault({ message: 'It is busy.', retryable: true })
    if (tool === 'letter' || !this.#applied.has(key)) entry.applied += 1
    this.#applied.add(key)
    await sleep(delayMs)
    if (losesAnswer && entry.seen === failures + 1)
      throw fault({ message: 'The answer was lost.', retryable: true, unknown: true })
    return { receipt: identity }
  }

  isApplied(identity: string): boolean {
    return (this.entries.get(identity)?.applied ?? 0) > 0
  }

  #entry(identity: string): Entry {
    const known = this.entries.get(identity)
    if (known !== undefined) return known
    const made = { keys: new Set<string>(), seen: 0, applied: 0 }
    this.entries.set(identity, made)
    return made
  }
}

const fault = (given: SinkFault) => Object.assign(new Error(given.message), given)

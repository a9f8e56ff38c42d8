import { readFileSync } from 'node:fs'
import { readCsvTable } from '@signalbox/shared/csv-table'
import { readSupportExamples } from '../knowledge/examples/seed-knowledge.ts'
import { DIMENSIONS, type Embedder } from '../reasoning/embedder.ts'

export interface Passage {
  text: string
  label: string
  embedding: Float32Array
}

/** Texts that are embedded for real; the rest are made of them. */
const MOST_REAL = 2_000

/** A generator of numbers from 0 to 1 that gives the same ones every time (Mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Passages without end around real sentences: two of them mixed, disturbed, with words of both, so that they cluster as real ones do. */
export class Corpus {
  private constructor(
    private readonly real: Passage[],
    private readonly random: () => number,
  ) {}

  /** @param csv with columns text and category; the examples that ship otherwise */
  static async open(embedder: Embedder, csv: string | undefined): Promise<Corpus> {
    const rows =
      csv === undefined
        ? readSupportExamples()
        : readCsvTable(readFileSync(csv), ['text']).rows.map(({ values }) => ({
            text: values['text']!,
            label: values['category'] ?? '',
          }))
    const random = randomOf(7)
    const sample = rows.sort(() => random() - 0.5).slice(0, MOST_REAL)
    const embeddings = await embedder.embed(sample.map(({ text }) => text))
    return new Corpus(
      sample.map((row, at) => ({ ...row, embedding: Float32Array.from(embeddings[at]!) })),
      random,
    )
  }

  get size(): number {
    return this.real.length
  }

  next(): Passage {
    const [one, other] = [this.#pick(), this.#pick()]
    const share = 0.1 + 0.4 * this.random()
    const words = other.text.split(/\s+/)
    const from = Math.floor(this.random() * Math.max(1, words.length - 4))
    return {
      text: `${one.text} ${words.slice(from, from + 4).join(' ')}`,
      label: one.label,
      embedding: this.#mixed(one.embedding, other.embedding, share),
    }
  }

  #pick = () => this.real[Math.floor(this.random() * this.real.length)]!

  #mixed(one: Float32Array, other: Float32Array, share: number): Float32Array {
    const mixed = new Float32Array(DIMENSIONS)
    let squares = 0
    for (let at = 0; at < DIMENSIONS; at++) {
      mixed[at] = (1 - share) * one[at]! + share * other[at]! + (this.random() - 0.5) * 0.06
      squares += mixed[at]! ** 2
    }
    const length = Math.sqrt(squares)
    for (let at = 0; at < DIMENSIONS; at++) mixed[at] = mixed[at]! / length
    return mixed
  }
}

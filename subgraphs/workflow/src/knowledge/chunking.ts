import { sectionsOf } from './markdown-sections.ts'

/** A part of a text that is indexed and found by itself. */
export interface Chunk {
  /** The headings that it stands under, joined by ` › `; null where there are none. */
  heading: string | null
  text: string
  /** Where it begins in the whole text and the character after its end. */
  start: number
  end: number
}

export type TextFormat = 'PLAIN' | 'MARKDOWN'

/** Characters: about what the embedding model still tells apart. */
const CHUNK = 700
/** Characters of whole sentences that a chunk takes over from the one before: what spans a cut is found on both of its sides. */
const OVERLAP = 140
/** A cut wants a boundary in this last part of a chunk. */
const SHORTEST = 1 / 3
const BOUNDARIES = [/\n\s*\n\s*/g, /\n\s*/g, /[.!?…]["'”’)\]]*\s+/g, /[;:]\s+/g, /\s+/g]

/**
 * Cuts a text where it breathes: between the sections of Markdown, then at blank lines, line ends, sentence ends and spaces. Short texts
 * stay whole, and nothing but white space is lost.
 */
export function chunksOf(text: string, format: TextFormat = 'PLAIN', size = CHUNK, overlap = OVERLAP): Chunk[] {
  const sections = format === 'MARKDOWN' ? sectionsOf(text) : [{ heading: null, start: 0, end: text.length }]
  return sections.flatMap(({ heading, start, end }) =>
    rangesOf(text.slice(start, end), size, overlap).map((range) => ({
      heading,
      text: text.slice(start + range.start, start + range.end),
      start: start + range.start,
      end: start + range.end,
    })),
  )
}

interface Range {
  start: number
  end: number
}

function rangesOf(text: string, size: number, overlap: number): Range[] {
  const last = text.trimEnd().length
  const ranges: Range[] = []
  let start = text.length - text.trimStart().length
  while (start < last) {
    const cut = last - start <= size ? last : cutBefore(text, start, size)
    ranges.push({ start, end: start + text.slice(start, cut).trimEnd().length })
    if (cut >= last) break
    start = overlapBefore(text, cut, Math.max(start + 1, cut - overlap))
  }
  return ranges
}

/** The place after the last boundary of the best kind within the window. */
function cutBefore(text: string, start: number, size: number): number {
  const window = text.slice(start, start + size)
  for (const boundary of BOUNDARIES) {
    const ends = [...window.matchAll(boundary)].map((match) => match.index + match[0].length)
    const at = ends.filter((end) => end >= size * SHORTEST && end < size).at(-1)
    if (at !== undefined) return start + at
  }
  const splitsPair = /[\uD800-\uDBFF]/.test(text[start + size - 1]!)
  return start + (splitsPair ? size - 1 : size)
}

/** The beginning of the earliest whole sentence from there on, or the cut itself. A line of its own is not taken over in part. */
function overlapBefore(text: string, cut: number, earliest: number): number {
  const window = text.slice(earliest, cut)
  const sentence = /(?:[.!?…]["'”’)\]]*\s+|\n\s*)(?=\S)/.exec(window)
  const skipped = sentence === null ? window.length : sentence.index + sentence[0].length
  return earliest + skipped < cut ? earliest + skipped : cut + (text.slice(cut).length - text.slice(cut).trimStart().length)
}

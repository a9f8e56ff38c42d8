/** One field of a proposal against what stands now. */
export interface Difference {
  name: string
  before: unknown
  after: unknown
}

/** A run of words that both texts have, or only one of them. */
export interface Piece {
  text: string
  kind: 'same' | 'gone' | 'new'
}

/** The fields that would change, in the order of the proposal; what `before` does not name is no change. */
export function differencesOf(before: unknown, proposal: unknown): Difference[] {
  const [stands, proposed] = [fieldsOf(before), fieldsOf(proposal)]
  return [...new Set([...Object.keys(proposed), ...Object.keys(stands)])]
    .filter((name) => name in stands && JSON.stringify(stands[name]) !== JSON.stringify(proposed[name]))
    .map((name) => ({ name, before: stands[name] ?? null, after: proposed[name] ?? null }))
}

/** More than so many words on both sides are shown whole: the comparison costs their product. */
const MOST_WORDS = 600

/** The longest common subsequence of words, as pieces; see Hunt and McIlroy, "An Algorithm for Differential File Comparison" (1976). */
export function wordDifference(before: string, after: string): Piece[] {
  const [a, b] = [wordsOf(before), wordsOf(after)]
  if (a.length > MOST_WORDS || b.length > MOST_WORDS) return joined([piece(before, 'gone'), piece(after, 'new')])
  const common = lengths(a, b)
  const pieces: Piece[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      pieces.push(piece(a[i]!, 'same'))
      i += 1
      j += 1
    } else if (j === b.length || (i < a.length && common[i + 1]![j]! >= common[i]![j + 1]!)) pieces.push(piece(a[i++]!, 'gone'))
    else pieces.push(piece(b[j++]!, 'new'))
  }
  return joined(pieces)
}

/** By where both begin: the length of what they have in common from there on. */
function lengths(a: string[], b: string[]): number[][] {
  const table = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0))
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i]![j] = a[i] === b[j] ? table[i + 1]![j + 1]! + 1 : Math.max(table[i + 1]![j]!, table[i]![j + 1]!)
  return table
}

const piece = (text: string, kind: Piece['kind']): Piece => ({ text, kind })

/** Words with the space behind them. */
const wordsOf = (text: string): string[] => text.match(/\S+\s*|\s+/g) ?? []

/** Neighbours of one kind as one; empty ones not at all. */
function joined(pieces: Piece[]): Piece[] {
  const result: Piece[] = []
  for (const { text, kind } of pieces.filter(({ text: words }) => words !== '')) {
    const last = result.at(-1)
    if (last?.kind === kind) last.text += text
    else result.push({ text, kind })
  }
  return result
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}

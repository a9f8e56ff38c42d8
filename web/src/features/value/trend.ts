/** A range cut into equal pieces, the oldest first. */
export function cut(range: { from: string; to: string }, pieces: number): { from: string; to: string }[] {
  const [from, to] = [Date.parse(range.from), Date.parse(range.to)]
  const at = (index: number) => new Date(from + ((to - from) * index) / pieces).toISOString()
  return Array.from({ length: pieces }, (_, index) => ({ from: at(index), to: at(index + 1) }))
}

/** How far a decision's value is from what was proposed, 0 (same) to 1: by the reply where there is one, else by the fields that it names. */
export function distanceOf(proposal: Record<string, unknown>, value: Record<string, unknown> | null): number {
  if (value === null) return 0
  if (typeof proposal['reply'] === 'string' || typeof value['reply'] === 'string') {
    const proposed = textOf(proposal['reply'])
    return editDistance(proposed, value['reply'] === undefined ? proposed : textOf(value['reply']))
  }
  const names = Object.keys(value)
  return editDistance(names.map((name) => textOf(proposal[name])).join('\n'), names.map((name) => textOf(value[name])).join('\n'))
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : value == null ? '' : JSON.stringify(value))

/** Levenshtein distance ÷ the longer length, 0 (same) to 1; long texts are compared by their first 2,000 characters. */
export function editDistance(before: string, after: string): number {
  const [a, b] = [before.slice(0, 2_000), after.slice(0, 2_000)]
  if (a === b) return 0
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const substitution = previous[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1)
      current.push(Math.min(substitution, previous[column]! + 1, current[column - 1]! + 1))
    }
    previous = current
  }
  return previous[b.length]! / Math.max(a.length, b.length)
}

/** Characters: about what the embedding model still tells apart. */
const CHUNK = 700

/**
 * Splits a text where it breathes: at blank lines, then line ends, then sentence ends, then spaces. Short texts stay whole; nothing is
 * lost but the white space at the cuts.
 */
export function chunksOf(text: string, size = CHUNK): string[] {
  const chunks: string[] = []
  let rest = text.trim()
  while (rest.length > size) {
    const at = cutBefore(rest, size)
    chunks.push(rest.slice(0, at).trimEnd())
    rest = rest.slice(at).trimStart()
  }
  return rest === '' ? chunks : [...chunks, rest]
}

function cutBefore(text: string, size: number): number {
  const window = text.slice(0, size)
  for (const boundary of ['\n\n', '\n', '. ', '? ', '! ', ' ']) {
    const at = window.lastIndexOf(boundary)
    if (at >= size / 3) return at + boundary.length
  }
  const splitsPair = /[\uD800-\uDBFF]/.test(text[size - 1]!)
  return splitsPair ? size - 1 : size
}

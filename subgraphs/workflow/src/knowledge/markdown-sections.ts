export interface Section {
  /** The headings that it stands under, the outermost first, joined by ` › `. */
  heading: string | null
  start: number
  end: number
}

const FENCE = /^ {0,3}(`{3,}|~{3,})/
const ATX = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/
const LIST_OR_TABLE = /^\s*([-*+>|]|\d+[.)]\s)/
const SETEXT = /^ {0,3}(=+|-+)[ \t]*$/

/**
 * Where the sections of a Markdown text lie: what stands between two headings, without the headings themselves, which become its path.
 * ATX and one-line Setext headings of CommonMark; what looks like one in a fenced code block is none. Empty sections are left out.
 */
export function sectionsOf(text: string): Section[] {
  const sections: Section[] = []
  const path: (string | undefined)[] = []
  let start = 0
  const close = (end: number) => {
    const heading = path.filter((part) => part !== undefined && part !== '').join(' › ')
    if (text.slice(start, end).trim() !== '') sections.push({ heading: heading === '' ? null : heading, start, end })
  }
  for (const heading of headingsIn(text)) {
    close(heading.start)
    path.length = heading.level - 1
    path[heading.level - 1] = heading.title
    start = heading.end
  }
  close(text.length)
  return sections
}

interface Heading {
  level: number
  title: string
  start: number
  end: number
}

function headingsIn(text: string): Heading[] {
  const headings: Heading[] = []
  const lines = text.split('\n')
  let fence: string | null = null
  let at = 0
  // How many lines of a paragraph stand directly above.
  let paragraph = 0
  lines.forEach((line, index) => {
    const [start, end] = [at, Math.min(text.length, at + line.length + 1)]
    at = end
    const mark = FENCE.exec(line)?.[1]
    const isInCode = fence !== null
    if (fence === null) fence = mark ?? null
    else if (mark?.startsWith(fence) && line.trim() === mark) fence = null
    if (isInCode || mark !== undefined) return void (paragraph = 0)
    const atx = ATX.exec(line.trimEnd())
    const underline = SETEXT.exec(line)?.[1]
    const above = paragraph === 1 ? lines[index - 1]! : null
    if (atx) headings.push({ level: atx[1]!.length, title: plain(atx[2] ?? ''), start, end })
    else if (underline && above !== null)
      headings.push({ level: underline.startsWith('=') ? 1 : 2, title: plain(above), start: start - above.length - 1, end })
    paragraph = atx || underline || line.trim() === '' || LIST_OR_TABLE.test(line) ? 0 : paragraph + 1
  })
  return headings
}

/** A heading as one reads it, without the marks of emphasis, code and links. */
const plain = (title: string) =>
  title
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[*_`]{1,3}(\S.*?\S|\S)[*_`]{1,3}/g, '$1')
    .trim()

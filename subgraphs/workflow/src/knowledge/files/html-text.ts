import { parse, type HTMLElement, type Node } from 'node-html-parser'
import type { ReadLimits, ReadText } from './pdf-text.ts'
import { UnreadableFile } from './unreadable.ts'

/** What a page says to machines, and what leads elsewhere. */
const DROPPED =
  'script, style, noscript, template, svg, canvas, iframe, object, embed, button, select, textarea, dialog, nav, aside, ' +
  'header, footer, [role=navigation], [role=banner], [role=contentinfo], [role=search], [hidden], [aria-hidden=true]'
const BLOCKS = new Set(
  'ADDRESS ARTICLE BLOCKQUOTE DD DETAILS DIV DL DT FIGCAPTION FIGURE HR MAIN OL P PRE SECTION SUMMARY TABLE TBODY THEAD TR UL'.split(
    ' ',
  ),
)
const HEADING = /^H([1-6])$/

/** What a reader of the page reads, its headings as Markdown's. @throws {UnreadableFile} */
export function readHtml(source: string, limits: ReadLimits): ReadText {
  const root = parse(source, { comment: false, blockTextElements: { script: false, style: false, noscript: false, pre: true } })
  const title = root.querySelector('title')?.text.trim() || root.querySelector('h1')?.text.trim() || null
  // A header within the article is its own: the title and who wrote it.
  const whole =
    root.querySelector('main') ??
    root.querySelector('[role=main]') ??
    onlyOf(root, 'article') ??
    root.querySelector('body') ??
    root
  for (const element of whole.querySelectorAll(DROPPED)) {
    const isOwnHeader = element.tagName === 'HEADER' && element.closest('article, main') !== null
    if (!isOwnHeader) element.remove()
  }
  const text = textIn(whole)
  if (text === '') throw new UnreadableFile('holds no text: what it shows may be drawn by a script. Send the text itself.')
  if (text.length > limits.characters)
    throw new UnreadableFile('holds more text than one document may have. Split it into parts.')
  return { title: title?.replaceAll(/\s+/g, ' ') ?? null, text, format: 'MARKDOWN' }
}

function onlyOf(root: HTMLElement, selector: string): HTMLElement | null {
  const found = root.querySelectorAll(selector)
  return found.length === 1 ? found[0]! : null
}

/** Blocks on lines of their own; white space as a browser shows it. */
function textIn(root: HTMLElement): string {
  let out = ''
  const write = (node: Node) => {
    if (node.nodeType === 3) {
      out += node.text.replaceAll(/\s+/g, ' ')
      return
    }
    const element = node as HTMLElement
    const name = element.tagName ?? ''
    if (name === 'TITLE' || name === 'HEAD') return
    const level = HEADING.exec(name)?.[1]
    if (name === 'BR') out += '\n'
    if (level !== undefined) {
      out += `\n\n${'#'.repeat(Number(level))} ${element.text.replaceAll(/\s+/g, ' ').trim()}\n\n`
      return
    }
    if (name === 'LI') out += '\n- '
    if (BLOCKS.has(name)) out += '\n\n'
    element.childNodes.forEach(write)
    if (name === 'TD' || name === 'TH') out += ' | '
    if (BLOCKS.has(name)) out += '\n\n'
  }
  write(root)
  return out
    .split('\n')
    .map((line) =>
      line
        .replaceAll(/ +/g, ' ')
        .replace(/ \|\s*$/, '')
        .trim(),
    )
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
}

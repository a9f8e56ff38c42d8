import { getDocumentProxy } from 'unpdf'
import { UnreadableFile } from './unreadable.ts'

export interface ReadLimits {
  pages: number
  /** Of the text that comes out. */
  characters: number
}

export interface ReadText {
  title: string | null
  text: string
  format: 'PLAIN' | 'MARKDOWN'
  pages?: number
}

const REFUSALS: Record<string, string> = {
  PasswordException: 'is protected by a password. Save it without one and send it again.',
  InvalidPDFException: 'is damaged, or no PDF at all. Open it, save it anew as PDF and send that.',
}

/** The text of a PDF, page by page. @throws {UnreadableFile} */
export async function readPdf(bytes: Uint8Array, limits: ReadLimits): Promise<ReadText> {
  if (!Buffer.from(bytes.subarray(0, 1024)).includes('%PDF-')) throw new UnreadableFile(REFUSALS['InvalidPDFException'])
  try {
    const pdf = await getDocumentProxy(bytes, { verbosity: 0, stopAtErrors: false, useWorkerFetch: false })
    if (pdf.numPages > limits.pages) {
      const advice = `Split it into parts of at most ${limits.pages.toLocaleString('en')} pages.`
      throw new UnreadableFile(`has ${pdf.numPages.toLocaleString('en')} pages. ${advice}`)
    }
    const pages: string[] = []
    let characters = 0
    for (let number = 1; number <= pdf.numPages; number++) {
      const text = await textOfPage(await pdf.getPage(number), limits.characters - characters)
      characters += text.length
      pages.push(text)
    }
    const text = pages.join('\n\n').trim()
    if (text === '') throw new UnreadableFile('holds no text, as a scan does. Run text recognition over it and send the result.')
    return { title: await titleOf(pdf), text, format: 'PLAIN', pages: pdf.numPages }
  } catch (error) {
    const reason = REFUSALS[(error as Error).name]
    throw reason === undefined ? error : new UnreadableFile(reason)
  }
}

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>
type Page = Awaited<ReturnType<Pdf['getPage']>>

/** Read as a stream, so that a page that never ends is left. A word that is parted at the end of a line is put together. */
async function textOfPage(page: Page, limit: number): Promise<string> {
  const reader = (page.streamTextContent() as ReadableStream<{ items: { str?: string; hasEOL?: boolean }[] }>).getReader()
  let text = ''
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    for (const { str = '', hasEOL = false } of part.value.items) text += hasEOL ? `${str}\n` : str
    if (text.length > limit) throw new UnreadableFile('holds more text than one document may have. Split it into parts.')
  }
  page.cleanup()
  return text.replaceAll(/(\p{Ll})-\n(?=\p{Ll})/gu, '$1')
}

async function titleOf(pdf: Pdf): Promise<string | null> {
  const { info } = await pdf.getMetadata().catch(() => ({ info: {} }))
  const title = (info as { Title?: unknown }).Title
  return typeof title === 'string' && title.trim() !== '' ? title.trim() : null
}

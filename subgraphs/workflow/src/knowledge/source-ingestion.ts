import { basename } from 'node:path'
import { isEgressError, type Egress } from '@signalbox/shared/egress'
import { BadUserInputError } from '@signalbox/shared/errors'
import type { RowFault } from '@signalbox/shared/csv-table'
import { kindOfFile, kindOfPage, KINDS_WANTED, LARGEST_FILE, type FileKind } from './files/file-kind.ts'
import { readSourceFile, type SourceFile } from './files/read-file.ts'
import { UnreadableFile } from './files/unreadable.ts'
import type { Ingestion, IngestionCounts } from './ingestion.ts'
import type { KnowledgeBase } from './knowledge-base.entity.ts'
import { LIMITS } from './knowledge.faults.ts'

export interface SourceResult extends IngestionCounts {
  kind: FileKind
  /** Documents that were read in it. */
  documents: number
  /** Rows of a table that were left out. */
  faults: RowFault[]
}

/** What its sender says about a file; a table's rows say it for themselves. */
export interface SourceOptions {
  title?: string | null
  label?: string | null
}

/** Milliseconds for a page, redirects included. */
const PAGE_TIMEOUT_MS = 20_000
const ACCEPT = 'text/html, application/xhtml+xml, text/markdown, text/csv, application/pdf, text/plain;q=0.8'

/** Takes in whole files and pages. */
export class SourceIngestion {
  constructor(
    private readonly ingestion: Ingestion,
    private readonly egress: Egress | undefined,
  ) {}

  /** @throws {BadUserInputError} that says what is wrong with the file and what would be right */
  async file(base: KnowledgeBase, file: { name: string; mediaType: string; content: Buffer }, options: SourceOptions = {}) {
    const kind = kindOfFile(file.name, file.mediaType)
    if (kind === null) throw refused('file', file.name, KINDS_WANTED)
    return this.#take(base, { ...file, kind }, options, 'file')
  }

  /** @throws {BadUserInputError} when the address does not answer with something that can be read */
  async page(base: KnowledgeBase, address: string, options: SourceOptions = {}): Promise<SourceResult> {
    const url = addressOf(address)
    const { content, mediaType } = await this.#fetch(url)
    const kind = kindOfPage(url, mediaType)
    if (kind === null) throw refused('input.url', url, KINDS_WANTED)
    const charset = /charset="?([\w-]+)/i.exec(mediaType)?.[1]
    return this.#take(base, { kind, name: url, content, charset }, options, 'input.url')
  }

  async #take(base: KnowledgeBase, file: SourceFile, { title, label }: SourceOptions, path: string): Promise<SourceResult> {
    try {
      const { documents, faults } = await readSourceFile(file)
      const named =
        file.kind === 'CSV' ? documents : documents.map((document) => ({ ...document, title: title || document.title, label }))
      const counts = await this.ingestion.ingestMany(base, named)
      return { kind: file.kind, documents: documents.length, faults, ...counts }
    } catch (error) {
      throw error instanceof UnreadableFile ? refused(path, file.name, error.message) : error
    }
  }

  async #fetch(url: string): Promise<{ content: Buffer; mediaType: string }> {
    try {
      const { ok, status, body, headers } = await this.egress!.fetch(url, {
        headers: { accept: ACCEPT },
        timeoutMs: PAGE_TIMEOUT_MS,
        maxBytes: LARGEST_FILE,
      })
      if (!ok)
        throw refused('input.url', url, `answered ${status}. Check the address, and that it can be read without signing in.`)
      return { content: body, mediaType: headers['content-type'] ?? '' }
    } catch (error) {
      throw isEgressError(error) ? refused('input.url', url, `could not be read. ${error.message}`) : error
    }
  }
}

const refused = (path: string, name: string, message: string) =>
  new BadUserInputError(`${path === 'file' ? basename(name) : name} ${message}`, [{ path, message }])

/** Without its fragment, which names a place on the page. @throws {BadUserInputError} */
function addressOf(text: string): string {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null
  if (url === null || !/^https?:$/.test(url.protocol) || text.length > LIMITS.address)
    throw refused('input.url', text.slice(0, 100), 'is no web address. It begins with https://.')
  url.hash = ''
  return url.href
}

import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Mail {
  id: string
  /** Every recipient of the envelope, comma separated. */
  to: string
  from: string
  subject: string
  text: string
  /** When it arrived, as an ISO time. */
  at: string
}

const KEPT = 500

/** The local inbox: one JSON file a message, named so that the order of names is the order of arrival. */
export class MailStore {
  readonly #directory: string

  constructor(directory: string) {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    this.#directory = directory
  }

  add(message: Omit<Mail, 'id' | 'at'>): Mail {
    const at = new Date()
    const mail: Mail = { id: `${String(at.getTime()).padStart(14, '0')}-${randomUUID()}`, at: at.toISOString(), ...message }
    const file = join(this.#directory, `${mail.id}.json`)
    writeFileSync(`${file}.new`, JSON.stringify(mail), { mode: 0o600 })
    renameSync(`${file}.new`, file)
    for (const name of this.#names().slice(KEPT)) rmSync(join(this.#directory, name), { force: true })
    return mail
  }

  /** Newest first. */
  list(): Mail[] {
    return this.#names().map((name) => JSON.parse(readFileSync(join(this.#directory, name), 'utf8')) as Mail)
  }

  clear(): void {
    for (const name of this.#names()) rmSync(join(this.#directory, name), { force: true })
  }

  #names(): string[] {
    return readdirSync(this.#directory)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .reverse()
  }
}

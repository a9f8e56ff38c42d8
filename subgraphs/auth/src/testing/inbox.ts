import { simpleParser, type ParsedMail } from 'mailparser'
import { once } from 'node:events'
import { SMTPServer } from 'smtp-server'

/** A real SMTP server that keeps what it gets, for tests. */
export class Inbox {
  readonly #mails: ParsedMail[] = []
  readonly #waiting: (() => void)[] = []
  #server = this.#create()

  constructor(readonly port: number) {}

  get url() {
    return `smtp://127.0.0.1:${this.port}`
  }

  get count() {
    return this.#mails.length
  }

  async open(): Promise<void> {
    this.#server = this.#create()
    this.#server.listen(this.port, '127.0.0.1')
    await once(this.#server.server, 'listening')
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }

  /** The oldest mail to this address, of such a subject, that was not taken yet; waits for it. */
  async take(address: string, subject = /^/): Promise<ParsedMail> {
    for (;;) {
      const index = this.#mails.findIndex((mail) => addressOf(mail) === address && subject.test(mail.subject ?? ''))
      if (index >= 0) return this.#mails.splice(index, 1)[0]!
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  /** The code in the next mail to this address that has one. */
  async takeCode(address: string): Promise<string> {
    return (await this.take(address, /^\d{6} is your/)).subject!.slice(0, 6)
  }

  #deliver(mail: ParsedMail) {
    this.#mails.push(mail)
    for (const wake of this.#waiting.splice(0)) wake()
  }

  #create() {
    return new SMTPServer({
      authOptional: true,
      disableReverseLookup: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      onData: (stream, _session, done) => {
        simpleParser(stream, (error, mail) => {
          if (!error) this.#deliver(mail)
          done(error)
        })
      },
    })
  }
}

const addressOf = (mail: ParsedMail) => (Array.isArray(mail.to) ? mail.to[0] : mail.to)?.value[0]?.address

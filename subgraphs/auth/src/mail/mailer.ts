import { UnavailableError } from '@signalbox/shared/errors'
import type { Logger } from '@signalbox/shared/logger'
import { createTransport } from 'nodemailer'
import { UndeliverableError } from './delivery-errors.ts'

export interface Mail {
  to: string
  subject: string
  text: string
  html?: string
  /** RFC 5322, 3.6.4; made up unless given. */
  messageId?: string
}

export interface MailerOptions {
  /** `smtp://user:password@host:port` */
  url: string
  from: string
  log: Logger
}

/** Sends mail through an SMTP server. */
export class Mailer implements AsyncDisposable {
  readonly #transport
  readonly #nowhere = createTransport({ streamTransport: true, buffer: true })
  #verifying: Promise<void> | undefined

  constructor(private readonly options: MailerOptions) {
    const timeouts = { connectionTimeout: 3_000, greetingTimeout: 3_000, socketTimeout: 10_000, dnsTimeout: 3_000 }
    this.#transport = createTransport({ url: options.url, ...timeouts }, { from: options.from })
  }

  /** Connects, greets and authenticates. @throws {UnavailableError} when the server does not take mail from us */
  async verify(): Promise<void> {
    await this.#transport.verify().catch((error: unknown) => this.#refuse(error))
  }

  /** The same, but those who ask at the same time share one connection. @throws {UnavailableError} */
  async verifyTogether(): Promise<void> {
    this.#verifying ??= this.verify().finally(() => (this.#verifying = undefined))
    await this.#verifying
  }

  /** @throws {UnavailableError} when the server did not take it */
  async send(mail: Mail): Promise<void> {
    await this.#transport.sendMail(mail).catch((error: unknown) => this.#refuse(error))
  }

  /** For a sender that comes again. @throws {UndeliverableError} when the server will never take this mail; another error else */
  async deliver(mail: Mail): Promise<void> {
    await this.#transport.sendMail(mail).catch((error: unknown) => {
      const { fault, command, responseCode = 0 } = faultOf(error)
      const words = `the mail was not taken: ${fault} ${command ?? ''} ${responseCode || ''}`.trim()
      const isAboutMail = fault === 'EENVELOPE' || fault === 'EMESSAGE'
      throw isAboutMail && responseCode >= 500 ? new UndeliverableError(words) : new Error(words)
    })
  }

  /** Does what delivering does, but for handing the mail over; never fails. */
  async pretend(mail: Mail): Promise<void> {
    await this.#nowhere.sendMail({ from: this.options.from, ...mail }).catch(() => {})
    await this.#transport.verify().catch(() => {})
  }

  #refuse(error: unknown): never {
    this.options.log.warn(faultOf(error), 'the mail server cannot be used')
    throw new UnavailableError('mail')
  }

  async [Symbol.asyncDispose]() {
    this.#transport.close()
  }
}

/** What a log may have of an SMTP failure: its message can name the recipient. */
const faultOf = (error: unknown) => {
  const { code, command, responseCode } = error as { code?: string; command?: string; responseCode?: number }
  return { fault: code, command, responseCode }
}

import { UnavailableError } from '@signalbox/shared/errors'
import type { Logger } from '@signalbox/shared/logger'
import { createTransport } from 'nodemailer'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Mail {
  to: string
  subject: string
  text: string
  html: string
}

export interface MailerOptions {
  /** `smtp://user:password@host:port` */
  url: string
  from: string
  log: Logger
}

const RETRY_DELAYS_MS = [500, 2_000, 8_000]

/** Sends mail through an SMTP server. */
export class Mailer implements AsyncDisposable {
  readonly #transport
  readonly #pending = new Set<Promise<void>>()
  readonly #closing = new AbortController()

  constructor(private readonly options: MailerOptions) {
    const timeouts = { connectionTimeout: 3_000, greetingTimeout: 3_000, socketTimeout: 10_000, dnsTimeout: 3_000 }
    this.#transport = createTransport({ url: options.url, ...timeouts }, { from: options.from })
  }

  /** Connects, greets and authenticates. @throws {UnavailableError} when the server does not take mail from us */
  async verify(): Promise<void> {
    await this.#transport.verify().catch((error: unknown) => this.#refuse(error))
  }

  /** @throws {UnavailableError} when the server did not take it */
  async send(mail: Mail): Promise<void> {
    await this.#transport.sendMail(mail).catch((error: unknown) => this.#refuse(error))
  }

  /** Sends after the caller has answered, so that an answer's time does not tell whether a mail goes out. Tried again a few times. */
  sendLater(mail: Mail, reference: Record<string, string>): void {
    const sending = this.#sendPatiently(mail, reference).finally(() => this.#pending.delete(sending))
    this.#pending.add(sending)
  }

  async #sendPatiently(mail: Mail, reference: Record<string, string>) {
    for (const delay of [...RETRY_DELAYS_MS, undefined]) {
      try {
        await this.#transport.sendMail(mail)
        return
      } catch (error) {
        const last =
          delay === undefined || this.#closing.signal.aborted || (error as { responseCode?: number }).responseCode! >= 500
        this.options.log.warn({ ...reference, ...faultOf(error), last }, 'mail could not be sent')
        if (last) return
        await sleep(delay, undefined, { signal: this.#closing.signal }).catch(() => {})
      }
    }
  }

  #refuse(error: unknown): never {
    this.options.log.warn(faultOf(error), 'the mail server cannot be used')
    throw new UnavailableError('mail')
  }

  async [Symbol.asyncDispose]() {
    this.#closing.abort()
    await Promise.all(this.#pending)
    this.#transport.close()
  }
}

/** What a log may have of an SMTP failure: its message can name the recipient. */
const faultOf = (error: unknown) => {
  const { code, command, responseCode } = error as { code?: string; command?: string; responseCode?: number }
  return { fault: code, command, responseCode }
}

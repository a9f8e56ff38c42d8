import type { Logger } from '@signalbox/shared/logger'
import { setTimeout as pause } from 'node:timers/promises'
import { UndeliverableError } from './delivery-errors.ts'
import type { Mail, Mailer } from './mailer.ts'

/** Before each further try, in milliseconds. */
const PAUSES = [500, 5_000, 30_000, 120_000, 600_000]

/**
 * Mails about what has happened already: nobody waits for them, and none undoes it. One that is not taken is tried again for some minutes, by
 * this process only; each failure is logged.
 */
export class Notices implements AsyncDisposable {
  readonly #underWay = new Set<Promise<void>>()
  readonly #closing = new AbortController()

  constructor(
    private readonly mailer: Mailer,
    private readonly log: Logger,
  ) {}

  /** Call it after the commit of what the mail tells. @param about what a log line calls it */
  post(about: string, mail: Mail): void {
    const sending = this.#send(about, mail).finally(() => this.#underWay.delete(sending))
    this.#underWay.add(sending)
  }

  async #send(about: string, mail: Mail): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const failure = await this.mailer.deliver(mail).catch((error: unknown) => error as Error)
      if (!failure) return
      const wait = failure instanceof UndeliverableError ? undefined : PAUSES[attempt - 1]
      const isFinal = wait === undefined || this.#closing.signal.aborted
      this.log.warn({ about, attempt, reason: failure.message, isFinal }, 'a notice was not sent')
      if (isFinal) return
      // Stopping cuts the pause short: there is one more try then.
      await pause(wait, undefined, { signal: this.#closing.signal, ref: false }).catch(() => {})
    }
  }

  async [Symbol.asyncDispose]() {
    this.#closing.abort()
    await Promise.all(this.#underWay)
  }
}

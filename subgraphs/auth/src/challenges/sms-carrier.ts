import type { Twilio } from '../sms/twilio.ts'
import type { CodeCarrier } from './code-carrier.ts'

/** Codes by SMS. The last line lets browsers fill the code in at our own site only (WHATWG, "Origin-bound one-time codes"). */
export class SmsCarrier implements CodeCarrier {
  readonly #site: URL

  constructor(
    private readonly twilio: Twilio,
    publicUrl: string,
  ) {
    this.#site = new URL(publicUrl)
  }

  verify(): Promise<void> {
    return this.twilio.verify()
  }

  deliver(to: string, code: string): Promise<void> {
    const { host, hostname } = this.#site
    const text = `${code} is your Signalbox code. It works once, for 5 minutes, at ${host} only. Never tell it to anybody.`
    return this.twilio.send(to, `${text}\n\n@${hostname} #${code}`)
  }

  /** There is nothing that Twilio could be asked for free; one HTTP call is little. */
  async pretend(): Promise<void> {}
}

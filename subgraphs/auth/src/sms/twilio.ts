import { UnavailableError } from '@signalbox/shared/errors'
import { createEgress, type Egress, type EgressResponse } from '@signalbox/shared/egress'
import type { Logger } from '@signalbox/shared/logger'
import { twilioSettings, type TwilioEnv } from './twilio-settings.ts'
import { DeferredError, UndeliverableError } from '../mail/delivery-errors.ts'

export interface TwilioOptions {
  /** `https://api.twilio.com`, or a regional one. */
  baseUrl: string
  accountSid: string
  authToken: string
  /** A number of ours, an alphanumeric sender, or a messaging service. */
  sender: { from: string } | { messagingServiceSid: string }
  egress: Egress
  /** For a whole exchange: 10,000 unless given. */
  timeoutMs?: number
  log: Logger
}

const TIMEOUT_MS = 10_000
/** After a failure that is not the number's fault, nothing is taken on for this long. */
const OUTAGE_MS = 30_000

/**
 * Sends SMS through Twilio's Programmable Messaging API (Message resource, 2010-04-01): form-encoded POST, Basic authentication, 201 with the
 * message, or an error `{ code, message, more_info, status }`.
 */
export class Twilio implements AsyncDisposable {
  #downUntil = 0

  constructor(private readonly options: TwilioOptions) {}

  /** There is nothing to ask without a message: it counts as down for a while after it failed. @throws {UnavailableError} */
  async verify(): Promise<void> {
    if (Date.now() < this.#downUntil) throw new UnavailableError('sms')
  }

  /** @throws {UndeliverableError} for a number that it refuses; {DeferredError} when asked to wait; else an error to try again after */
  async send(to: string, body: string): Promise<void> {
    const response = await this.#post({ To: to, Body: body, ...this.#sender() }).catch((error: unknown) => {
      this.#downUntil = Date.now() + OUTAGE_MS
      throw error
    })
    if (response.status === 201) {
      this.#downUntil = 0
      return
    }
    const fault = faultOf(response)
    if (response.status === 400) throw new UndeliverableError(`Twilio refused the message: ${fault}`)
    if (response.status === 429) {
      throw new DeferredError(`Twilio asks to slow down: ${fault}`, secondsOf(response.headers['retry-after']) * 1_000)
    }
    this.#downUntil = Date.now() + OUTAGE_MS
    if (response.status < 500)
      this.options.log.error({ fault }, 'Twilio does not let us in: check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN')
    throw new Error(`Twilio failed: ${fault}`)
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.options.egress[Symbol.asyncDispose]()
  }

  #post(form: Record<string, string>): Promise<EgressResponse> {
    const { baseUrl, accountSid, authToken, egress, timeoutMs = TIMEOUT_MS } = this.options
    return egress.fetch(`${baseUrl.replace(/\/+$/, '')}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      body: new URLSearchParams(form).toString(),
      maxRedirects: 0,
      timeoutMs,
      maxBytes: 64 * 1024,
    })
  }

  #sender(): Record<string, string> {
    const { sender } = this.options
    return 'from' in sender ? { From: sender.from } : { MessagingServiceSid: sender.messagingServiceSid }
  }
}

/** Undefined when SMS is not set up. The way out leads to the configured origin only. @throws {EnvError} when it is set up by halves */
export function createTwilio(env: TwilioEnv, log: Logger): Twilio | undefined {
  const settings = twilioSettings(env)
  if (settings === null) return undefined
  const { origin, hostname } = new URL(settings.baseUrl)
  return new Twilio({ ...settings, egress: createEgress({ hosts: [hostname], trustedOrigins: [origin] }), log })
}

/** Status and Twilio's own number: its words can hold the phone number. */
function faultOf(response: EgressResponse): string {
  let code: unknown
  try {
    code = (response.json() as { code?: unknown } | null)?.code
  } catch {
    // Not Twilio's own answer.
  }
  return `HTTP ${response.status}${typeof code === 'number' ? `, error ${code}` : ''}`
}

/** Seconds of a Retry-After header, 1 to 300; 5 when there is none that can be read. */
const secondsOf = (header: string | undefined): number => Math.min(300, Math.max(1, Number(header) || 5))

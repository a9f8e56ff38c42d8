import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import type { Logger } from '@signalbox/shared/logger'
import { parseEmail } from './email-address.ts'
import { UndeliverableError } from './delivery-errors.ts'
import type { Mailer } from './mailer.ts'
import { notificationMail, type Notification } from './notification-mail.ts'

interface ClaimedRow {
  organization_id: string
  key: string
  mail: Notification
  attempts: number
}

/** How often it is looked for mails. */
const LOOK_EVERY_MS = 1_000
/** Who claimed a mail has so long to settle it. */
const LEASE = '60 seconds'
const AT_ONCE = 20
/** After so many tries, over about a day, a mail is given up. */
const MAX_ATTEMPTS = 30

/**
 * Sends the mails that other parts ask for, until each is sent or refused for good. Any process sends those of any other. One can go out twice
 * when a process dies after sending: it is the same mail, with the same id.
 */
export class NotificationOutbox implements AsyncDisposable {
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> = Promise.resolve()
  #closed = false

  constructor(
    private readonly orm: MikroORM,
    private readonly mailer: Mailer,
    private readonly log: Logger,
  ) {}

  /** Begins to look. */
  start(): void {
    if (this.#closed) return
    this.#timer = setTimeout(() => {
      this.#running = this.#sendAllDue().finally(() => this.start())
    }, LOOK_EVERY_MS).unref()
  }

  async #sendAllDue(): Promise<void> {
    const em = this.orm.em.fork()
    try {
      for (let claimed = AT_ONCE; claimed === AT_ONCE && !this.#closed;) {
        const rows = await em.execute<ClaimedRow[]>('select * from events.claim_notifications(?, ?::interval)', [AT_ONCE, LEASE])
        await Promise.all(rows.map((row) => this.#send(em, row)))
        claimed = rows.length
      }
    } catch (error) {
      this.log.warn({ err: error }, 'mails that wait cannot be read')
    }
  }

  async #send(em: EntityManager, { organization_id: organizationId, key, mail, attempts }: ClaimedRow): Promise<void> {
    const failure = await this.#deliver(mail, organizationId, key).catch((error: unknown) => error as Error)
    const isFinal = failure instanceof UndeliverableError || attempts >= MAX_ATTEMPTS
    if (failure) this.log.warn({ organizationId, attempts, reason: failure.message, isFinal }, 'a requested mail was not sent')
    if (!failure || isFinal) return void (await em.execute('select events.settle_notification(?, ?)', [organizationId, key]))
    const pause = Math.min(1_000 * 2 ** (attempts - 1), 3_600_000)
    await em.execute('select events.postpone_notification(?, ?, ?::interval)', [organizationId, key, `${pause} milliseconds`])
  }

  async #deliver({ to, subject, text }: Notification, organizationId: string, key: string): Promise<void> {
    await this.mailer.deliver(notificationMail({ to: addressOf(to), subject, text }, organizationId, key))
  }

  async [Symbol.asyncDispose]() {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#running
  }
}

/** Auth is who knows what an address is, whatever the asking part let through. */
function addressOf(text: string): string {
  try {
    return parseEmail(text, 'to')
  } catch {
    throw new UndeliverableError('the address is none')
  }
}

import type { Mailer } from '../mail/mailer.ts'
import type { CodeCarrier } from './code-carrier.ts'
import { codeMail } from './code-mail.ts'

/** Codes by mail. */
export class MailCarrier implements CodeCarrier {
  constructor(
    private readonly mailer: Mailer,
    private readonly publicUrl: string,
  ) {}

  verify(): Promise<void> {
    return this.mailer.verifyTogether()
  }

  deliver(to: string, code: string): Promise<void> {
    return this.mailer.deliver(codeMail(to, code, this.publicUrl))
  }

  pretend(to: string, code: string): Promise<void> {
    return this.mailer.pretend(codeMail(to, code, this.publicUrl))
  }
}

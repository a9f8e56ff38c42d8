import type { Envelope } from '@signalbox/shared/encryption/envelope'
import { isUuid } from '@signalbox/shared/ids'
import { SealedLinks } from './sealed-link.ts'

const PURPOSE = 'resume'

/** Addresses `/hooks/resume/<organisation>?token=…`, as logs mask it, that take the later answer to one call. */
export class ResumeLinks {
  readonly #links: SealedLinks

  constructor(
    envelope: Envelope,
    private readonly publicUrl: string,
  ) {
    this.#links = new SealedLinks(envelope)
  }

  async urlOf(organizationId: string, callId: string, expiresAt: Date): Promise<string> {
    const token = await this.#links.seal(organizationId, PURPOSE, callId, expiresAt)
    return `${this.publicUrl.replace(/\/$/, '')}/hooks/resume/${organizationId}?token=${token}`
  }

  /** The call that an address is for; null when it is over, changed or not ours. */
  async callOf(organizationId: string, token: string): Promise<string | null> {
    if (!isUuid(organizationId)) return null
    const callId = await this.#links.open(organizationId, PURPOSE, token)
    return typeof callId === 'string' ? callId : null
  }
}

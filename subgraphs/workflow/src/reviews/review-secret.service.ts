import type { Audit } from '@signalbox/shared/audit'
import type { Envelope } from '@signalbox/shared/encryption/envelope'
import { NotFoundError } from '@signalbox/shared/errors'
import type { Tenant } from '../tenant.ts'
import { replaceSecret } from './review-secret.ts'

/** The secret that the active organisation's decisions are signed with on their way to n8n. */
export class ReviewSecretService {
  constructor(
    private readonly tenant: Tenant,
    private readonly envelope: Envelope,
    private readonly audit: Audit,
  ) {}

  /**
   * @returns the new secret; it is told only now
   * @throws {NotFoundError} for another organisation than the active one
   */
  async rotate(organizationId: string): Promise<string> {
    if (organizationId !== this.tenant.viewer.organizationId) throw new NotFoundError('organisation')
    return this.tenant.transaction(async (transaction) => {
      const secret = await replaceSecret(transaction, this.envelope, organizationId)
      await this.audit.record(transaction.em, organizationId, { action: 'review.secret_rotated', outcome: 'ALLOWED' })
      return secret
    })
  }
}

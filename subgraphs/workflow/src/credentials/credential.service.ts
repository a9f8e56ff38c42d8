import { randomUUID } from 'node:crypto'
import { actorRef } from '@signalbox/shared/actor'
import type { Audit } from '@signalbox/shared/audit'
import type { Egress, EgressPolicy } from '@signalbox/shared/egress'
import type { Envelope } from '@signalbox/shared/encryption/envelope'
import { NotFoundError } from '@signalbox/shared/errors'
import { checkId, type Tenant } from '../tenant.ts'
import { tryConnection, type ConnectionTrial } from './try-connection.ts'
import { checkConnection } from './credential-check.ts'
import type { SaveCredentialInput } from './credential.inputs.ts'
import { openCredential, placeOf, readCredentials, removeCredential, writeCredential } from './credential-store.ts'
import type { Credential } from './credential.type.ts'

/** What connections of organisations are kept with and reached through; one a process. */
export interface ConnectionParts {
  envelope: Envelope
  policy: EgressPolicy
  egress: Egress
}

/** The active organisation's own connections to n8n and to a model. */
export class CredentialService {
  constructor(
    private readonly tenant: Tenant,
    private readonly parts: ConnectionParts,
    private readonly audit: Audit,
  ) {}

  async list(): Promise<Credential[]> {
    return (await this.tenant.transaction(readCredentials)).map(({ credential }) => credential)
  }

  /** Replaces what there was of that kind. @throws {BadUserInputError} */
  async save(input: SaveCredentialInput): Promise<Credential> {
    const { connection, host, hint } = checkConnection(input, this.parts.policy)
    const { viewer } = this.tenant
    const { organizationId } = viewer
    const by = actorRef(viewer)
    const id = randomUUID()
    const sealed = await this.parts.envelope.seal(placeOf(organizationId, id), JSON.stringify(connection))
    return this.tenant.transaction(async (transaction) => {
      const row = { organizationId, id, kind: input.kind, host, hint, savedByKind: by.kind, savedById: by.id }
      const credential = await writeCredential(transaction, row, sealed)
      await this.audit.record(transaction.em, organizationId, {
        action: 'credential.saved',
        outcome: 'ALLOWED',
        target: { type: 'Credential', id },
        details: { kind: input.kind, host },
      })
      return credential
    })
  }

  /** @throws {NotFoundError} */
  remove(id: string): Promise<Credential> {
    return this.tenant.transaction(async (transaction) => {
      const credential = await removeCredential(transaction, checkId(id, 'connection'))
      if (credential === undefined) throw new NotFoundError('connection')
      const { organizationId, kind, host } = credential
      await this.audit.record(transaction.em, organizationId, {
        action: 'credential.deleted',
        outcome: 'ALLOWED',
        target: { type: 'Credential', id },
        details: { kind, host },
      })
      return credential
    })
  }

  /** @throws {NotFoundError} */
  async test(id: string): Promise<ConnectionTrial & { credential: Credential }> {
    checkId(id, 'connection')
    const stored = (await this.tenant.transaction(readCredentials)).find(({ credential }) => credential.id === id)
    if (stored === undefined) throw new NotFoundError('connection')
    const { envelope, egress } = this.parts
    return { credential: stored.credential, ...(await tryConnection(await openCredential(envelope, stored), egress)) }
  }
}

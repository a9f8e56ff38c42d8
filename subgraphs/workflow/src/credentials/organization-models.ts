import type { MikroORM } from '@mikro-orm/postgresql'
import type { Logger } from '@signalbox/shared/logger'
import { deferredModel } from '../reasoning/deferred-model.ts'
import { ModelError } from '../reasoning/model-error.ts'
import { modelFor, remoteModel, type ModelSource } from '../reasoning/models.ts'
import type { ReasoningModel } from '../reasoning/reasoning-model.ts'
import { inTransaction, managersOf, type Transaction } from '../tenant.ts'
import { PROTOCOL_OF, type Connection, type CredentialKind, type ModelKind } from './connection.ts'
import type { ConnectionParts } from './credential.service.ts'
import { markUsed, openCredential, readCredentials, type StoredCredential } from './credential-store.ts'

export interface ConnectedModels {
  /** The model that an agent names (`reasoning/models.ts`). @throws {ModelError} for what is no name of a model */
  modelNamed(name: string): ReasoningModel
}

/**
 * The models of one execution of one organisation's run: its own connection where it has one, else what the operator configured. The secret
 * is decrypted when it is used, and what the organisation wrote is reached under the strict policy.
 */
export class OrganizationModels {
  constructor(
    private readonly orm: MikroORM,
    private readonly parts: Omit<ConnectionParts, 'policy'>,
    private readonly operator: ModelSource,
    private readonly log: Logger,
  ) {}

  async of(organizationId: string): Promise<ConnectedModels> {
    const stored = await this.#within(organizationId, readCredentials)
    const source = this.#sourceOf(stored)
    return {
      modelNamed: (name) => modelFor(name, source, this.log),
    }
  }

  /** Its default is the model of the connection that was saved last. */
  #sourceOf(stored: StoredCredential[]): ModelSource {
    const own = stored.filter(({ credential }) => credential.kind in PROTOCOL_OF)
    const [last] = own.toSorted((a, b) => b.credential.savedAt.getTime() - a.credential.savedAt.getTime())
    return {
      default: last === undefined ? this.operator.default : this.#modelOf(last),
      remote: (protocol, model) => {
        const connected = own.find(({ credential }) => PROTOCOL_OF[credential.kind as ModelKind] === protocol)
        return connected === undefined ? this.operator.remote(protocol, model) : this.#modelOf(connected, model)
      },
    }
  }

  /** @param model the connection's own unless given */
  #modelOf(stored: StoredCredential, model?: string): ReasoningModel {
    const { egress } = this.parts
    const kind = stored.credential.kind as ModelKind
    return deferredModel(model ?? stored.credential.host, async () => {
      const connection = await this.#use(stored, kind).catch(() => {
        // The log says why; a chain goes on.
        throw new ModelError('The organisation’s connection to its model cannot be opened.', true, { misconfigured: true })
      })
      return remoteModel(PROTOCOL_OF[kind], { ...connection, model: model ?? connection.model, egress })
    })
  }

  async #use<K extends CredentialKind>(stored: StoredCredential, _kind: K) {
    const { organizationId, id } = stored.credential
    const connection = await openCredential(this.parts.envelope, stored).catch((error: Error) => {
      this.log.error({ err: error, organizationId, credentialId: id }, `a connection cannot be used: ${error.message}`)
      throw error
    })
    await this.#within(organizationId, (transaction) => markUsed(transaction, id))
    return connection as K extends ModelKind ? Extract<Connection, { kind: ModelKind }> : Extract<Connection, { kind: K }>
  }

  #within<T>(organizationId: string, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return inTransaction(managersOf(this.orm, organizationId).fork(), work)
  }
}

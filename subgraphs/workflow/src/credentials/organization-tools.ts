import type { MikroORM } from '@mikro-orm/postgresql'
import type { Logger } from '@signalbox/shared/logger'
import { callN8nWebhook, type N8nWebhookCall } from '../connectors/n8n-webhook.ts'
import type { ReasoningModel } from '../reasoning/reasoning-model.ts'
import { OpenAiModel } from '../reasoning/openai-model.ts'
import { inTransaction, managersOf, type Transaction } from '../tenant.ts'
import { CredentialKind, type Connection } from './connection.ts'
import type { ConnectionParts } from './credential.service.ts'
import { markUsed, openCredential, readCredentials, type StoredCredential } from './credential-store.ts'

export interface ConnectedTools {
  model: ReasoningModel
  callN8n: ((call: N8nWebhookCall) => Promise<{ status: number }>) | null
}

/**
 * The tools of one execution of one organisation's run: its own connection where it has one, else what the operator configured. The secret
 * is decrypted when it is used, and what the organisation wrote is reached under the strict policy.
 */
export class OrganizationTools {
  constructor(
    private readonly orm: MikroORM,
    private readonly parts: Omit<ConnectionParts, 'policy'>,
    private readonly operator: ConnectedTools,
    private readonly log: Logger,
  ) {}

  async of(organizationId: string): Promise<ConnectedTools> {
    const stored = await this.#within(organizationId, readCredentials)
    const find = (kind: CredentialKind) => stored.find(({ credential }) => credential.kind === kind)
    const [model, n8n] = [find(CredentialKind.OPENAI), find(CredentialKind.N8N_WEBHOOK)]
    return {
      model: model === undefined ? this.operator.model : this.#modelOf(model),
      callN8n: n8n === undefined ? this.operator.callN8n : this.#n8nOf(n8n),
    }
  }

  #modelOf(stored: StoredCredential): ReasoningModel {
    const { egress } = this.parts
    const open = async () => new OpenAiModel({ ...(await this.#use(stored, CredentialKind.OPENAI)), egress })
    return {
      name: stored.credential.host,
      decide: async (request) => (await open()).decide(request),
      draft: async (request) => (await open()).draft(request),
    }
  }

  #n8nOf(stored: StoredCredential): NonNullable<ConnectedTools['callN8n']> {
    const { egress } = this.parts
    return async (call) => {
      const { url, header } = await this.#use(stored, CredentialKind.N8N_WEBHOOK)
      return callN8nWebhook({ url, header: header ?? undefined, egress }, call)
    }
  }

  async #use<K extends CredentialKind>(stored: StoredCredential, _kind: K) {
    const { organizationId, id } = stored.credential
    const connection = await openCredential(this.parts.envelope, stored).catch((error: Error) => {
      this.log.error({ err: error, organizationId, credentialId: id }, `a connection cannot be used: ${error.message}`)
      throw error
    })
    await this.#within(organizationId, (transaction) => markUsed(transaction, id))
    return connection as Extract<Connection, { kind: K }>
  }

  #within<T>(organizationId: string, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return inTransaction(managersOf(this.orm, organizationId).fork(), work)
  }
}

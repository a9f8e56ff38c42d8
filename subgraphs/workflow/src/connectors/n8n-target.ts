import type { MikroORM } from '@mikro-orm/postgresql'
import type { ConnectionParts } from '../credentials/credential.service.ts'
import { CredentialKind, type N8nConnection } from '../credentials/connection.ts'
import { markUsed, openCredential, readCredentials } from '../credentials/credential-store.ts'
import { inTransaction, managersOf } from '../tenant.ts'
import type { N8nWebhookConfig } from './n8n-webhook.ts'

/** Where each organisation's n8n listens: at its own connection, else where the operator said, else nowhere. */
export const n8nTargets =
  (orm: MikroORM, { envelope, egress }: ConnectionParts, operator: N8nWebhookConfig | null) =>
  (organizationId: string): Promise<N8nWebhookConfig | null> =>
    inTransaction(managersOf(orm, organizationId).fork(), async (transaction) => {
      const own = (await readCredentials(transaction)).find(({ credential }) => credential.kind === CredentialKind.N8N_WEBHOOK)
      if (own === undefined) return operator
      const { url, header } = (await openCredential(envelope, own)) as N8nConnection
      await markUsed(transaction, own.credential.id)
      return { url, header: header ?? undefined, egress }
    })

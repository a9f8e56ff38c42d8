import type { Logger } from '@signalbox/shared/logger'
import { AccountAccess } from '../accounts/account-access.ts'
import { ArtifactService } from '../artifacts/artifact.service.ts'
import type { Parts } from '../parts.ts'
import { inTransaction, managersOf } from '../tenant.ts'
import { n8nTargets } from './n8n-target.ts'
import type { N8nWebhookConfig } from './n8n-webhook.ts'
import { ResumeLinks } from './resume-links.ts'
import { Toolbox } from './toolbox.ts'

/** The toolbox of a process. @param operatorN8n where the operator's n8n listens, for organisations without one of their own */
export function openToolbox(
  { orm, store, connections }: Pick<Parts, 'orm' | 'store' | 'connections'>,
  publicUrl: string,
  log: Logger,
  operatorN8n: N8nWebhookConfig | null = null,
): Toolbox {
  const links = new ResumeLinks(connections.envelope, publicUrl)
  return new Toolbox({
    orm,
    egress: connections.egress,
    accounts: new AccountAccess(orm, connections, log),
    platform: {
      putArtifact: (organizationId, runId, artifact) =>
        new ArtifactService(managersOf(orm, organizationId), store).put(organizationId, runId, artifact),
      postMail: (organizationId, key, mail) =>
        inTransaction(managersOf(orm, organizationId).fork(), async ({ query }) => {
          await query('select events.notify($1, $2, $3::jsonb)', [organizationId, key, JSON.stringify(mail)])
        }),
      n8n: n8nTargets(orm, connections, operatorN8n),
      resumeUrl: (organizationId, callId, expiresAt) => links.urlOf(organizationId, callId, expiresAt),
    },
    log,
  })
}

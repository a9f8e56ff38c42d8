import type { Tools, ToolDescription } from '../engine/session.ts'
import { ArtifactService } from '../artifacts/artifact.service.ts'
import type { ConnectedTools } from '../credentials/organization-tools.ts'
import type { Parts } from '../parts.ts'
import { managersOf } from '../tenant.ts'

const ARTIFACT: ToolDescription = {
  name: 'artifact',
  description: 'Stores a result with the run.',
  parameters: { type: 'object', required: ['name', 'content'], properties: { name: { type: 'string' }, content: {} } },
  idempotent: true,
}
const N8N: ToolDescription = {
  name: 'n8n',
  description: 'Hands a result to n8n.',
  parameters: { type: 'object', required: ['body'], properties: { body: {} } },
  idempotent: true,
}

/** The tools that need no configuration of their own. */
export function builtInTools({ orm, store }: Pick<Parts, 'orm' | 'store'>, callN8n: ConnectedTools['callN8n']): Tools {
  return {
    describe: async (_organizationId, names) =>
      [ARTIFACT, ...(callN8n === null ? [] : [N8N])].filter(({ name }) => names.includes(name)),
    async call({ organizationId, runId, tool, arguments: given, idempotencyKey }) {
      if (tool === 'n8n') return { result: await callN8n!({ idempotencyKey, body: { runId, ...(given['body'] as object) } }) }
      const body = Buffer.from(JSON.stringify(given['content'], null, 2))
      const stored = await new ArtifactService(managersOf(orm, organizationId), store).put(organizationId, runId, {
        name: String(given['name']),
        mediaType: 'application/json',
        body,
      })
      return { result: { artifactId: stored.id } }
    },
  }
}

import { createEgress } from '@signalbox/shared/egress'
import { Envelope } from '@signalbox/shared/encryption/envelope'
import { KeyFileProvider } from '@signalbox/shared/encryption/key-file'
import { AccountService } from '../accounts/account.service.ts'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import { openToolbox } from '../connectors/open-toolbox.ts'
import { ToolCallService } from '../connectors/tool-call.service.ts'
import { ToolService } from '../connectors/tool.service.ts'
import type { ToolboxCall } from '../connectors/toolbox.ts'
import { log, testKeys, viewerOf, type WorkflowTestbed } from './testkit.ts'

export const PUBLIC_URL = 'https://signalbox.example'

/** Tools and accounts of a test's organisations, with one server of somebody else's within reach. */
export function openOutside(bed: WorkflowTestbed, origin: string) {
  const policy = { trustedOrigins: [origin] }
  const connections = { envelope: new Envelope(new KeyFileProvider({ text: testKeys() })), policy, egress: createEgress(policy) }
  // Contents go nowhere: what a test looks at is the row.
  const store = { put: async () => {} } as unknown as ArtifactStore
  const toolbox = openToolbox({ orm: bed.orm, store, connections }, PUBLIC_URL, log)
  return {
    connections,
    toolbox,
    /** The services as one caller has them. */
    as: (viewer = viewerOf(bed.organizationId)) => {
      const { tenant, audit } = bed.as(viewer)
      return {
        tools: new ToolService(tenant, toolbox, policy, audit),
        accounts: new AccountService(tenant, connections, audit, PUBLIC_URL),
        toolCalls: new ToolCallService(tenant),
      }
    },
    call: (tool: string, values: Record<string, unknown>, over: Partial<ToolboxCall> = {}) =>
      toolbox.call({
        organizationId: bed.organizationId,
        runId: null,
        node: 'act',
        tool,
        arguments: values,
        idempotencyKey: `key-${crypto.randomUUID()}`,
        signal: AbortSignal.timeout(20_000),
        ...over,
      }),
    [Symbol.asyncDispose]: () => connections.egress[Symbol.asyncDispose](),
  }
}

export type Outside = ReturnType<typeof openOutside>

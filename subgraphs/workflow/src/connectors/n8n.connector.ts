import { AccountKind } from '../accounts/account.type.ts'
import type { Connector, ConnectorCall, ConnectorContext } from './connector.ts'
import { callN8nWebhook, WebhookError, type N8nWebhookConfig } from './n8n-webhook.ts'
import { addressFault, hostOf } from './settings-check.ts'
import { ToolError } from './tool-error.ts'

export interface N8nSettings {
  /** The organisation's connection to n8n unless given. */
  url?: string
  waits?: boolean
  waitHours?: number
}

const HOUR_MS = 3_600_000

export const connector = {
  kind: 'n8n',
  title: 'n8n workflow',
  description: 'Hands over to one of your n8n workflows, and can wait for what it answers later.',
  settings: {
    type: 'object',
    additionalProperties: false,
    properties: {
      url: {
        title: 'Production URL of the webhook (optional)',
        type: 'string',
        maxLength: 300,
        description: 'Begins with https://. Without it, your connection to n8n is used.',
      },
      waits: {
        title: 'n8n answers later',
        type: 'boolean',
        description: 'n8n is given an address, resumeUrl, to send its answer to.',
      },
      waitHours: { title: 'Hours that it may take', type: 'integer', minimum: 1, maximum: 720, default: 24 },
    },
  },
  parameters: () => ({ type: 'object', description: 'Whatever the n8n workflow expects.' }),
  accounts: [AccountKind.HEADER],
  idempotency: 'key',
  rateLimit: 120,
  check: ({ url }: N8nSettings, policy) => {
    const fault = url === undefined ? undefined : addressFault(url, 'url', policy)
    return fault === undefined ? [] : [fault]
  },
  isConnected: async ({ url }: N8nSettings, organizationId, platform) =>
    url !== undefined || (await platform.n8n(organizationId)) !== null,
  host: ({ url }: N8nSettings) => (url === undefined ? null : hostOf(url)),
  perform: async (call: ConnectorCall<N8nSettings>, context) => {
    const target = await targetOf(call, context)
    const { waits, waitHours = 24 } = call.settings
    const expiresAt = new Date(Date.now() + waitHours * HOUR_MS)
    const resume =
      waits === true
        ? {
            resumeUrl: await context.platform.resumeUrl(call.organizationId, call.callId, expiresAt),
            resumeUntil: expiresAt.toISOString(),
          }
        : {}
    const { status } = await callN8nWebhook(target, {
      idempotencyKey: call.idempotencyKey,
      body: { runId: call.runId, ...call.arguments, ...resume },
      signal: context.signal,
    }).catch((error: unknown) => {
      if (!(error instanceof WebhookError)) throw error
      throw new ToolError(error.message, { retryable: error.retryable, cause: error })
    })
    return { result: { status, ...(waits === true && { awaitsAnswerUntil: expiresAt.toISOString() }) } }
  },
  dryRun: ({ settings, arguments: values }: ConnectorCall<N8nSettings>) => ({
    summary: `Would hand the data to n8n${settings.waits === true ? ' and wait for its answer' : ''}.`,
    request: { method: 'POST', to: settings.url ?? 'your connection to n8n', body: values },
  }),
} satisfies Connector<N8nSettings>

async function targetOf(
  { settings: { url }, organizationId }: ConnectorCall<N8nSettings>,
  { egress, headers, platform }: ConnectorContext,
): Promise<N8nWebhookConfig> {
  if (url !== undefined) {
    const [header] = Object.entries(headers).map(([name, value]) => ({ name, value }))
    return { url, egress, header }
  }
  const connected = await platform.n8n(organizationId)
  if (connected === null)
    throw new ToolError('n8n is not connected: an administrator can do that under Settings, Connections.', { retryable: false })
  return connected
}

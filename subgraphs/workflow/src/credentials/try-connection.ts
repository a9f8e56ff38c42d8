import { randomUUID } from 'node:crypto'
import type { Egress } from '@signalbox/shared/egress'
import { callN8nWebhook, WebhookError } from '../connectors/n8n-webhook.ts'
import { ModelError } from '../reasoning/model-error.ts'
import { protocolFor } from '../reasoning/models.ts'
import { CredentialKind, PROTOCOL_OF, type Connection, type ModelConnection, type N8nConnection } from './connection.ts'

export interface ConnectionTrial {
  succeeded: boolean
  /** A plain sentence. */
  message: string
}

/** Milliseconds for one try: the caller waits for it. */
const TIMEOUT_MS = 8_000

/** Uses a connection once, for real: a message marked as a test for n8n, the shortest of questions for a model. */
export async function tryConnection(connection: Connection, egress: Egress): Promise<ConnectionTrial> {
  try {
    const message = await (connection.kind === CredentialKind.N8N_WEBHOOK
      ? callN8n(connection, egress)
      : askModel(connection, egress))
    return { succeeded: true, message }
  } catch (error) {
    if (error instanceof WebhookError || error instanceof ModelError)
      return { succeeded: false, message: `${error.message}${adviceFor(error.status)}` }
    throw error
  }
}

async function callN8n({ url, header }: N8nConnection, egress: Egress): Promise<string> {
  const body = { test: true, message: 'This is a test of the connection from Signalbox. Nothing needs to be done.' }
  const config = { url, header: header ?? undefined, egress, timeoutMs: TIMEOUT_MS }
  const { status } = await callN8nWebhook(config, { idempotencyKey: `test:${randomUUID()}`, body })
  return `n8n took the test message (status ${status}).`
}

async function askModel({ kind, baseUrl, apiKey, model }: ModelConnection, egress: Egress): Promise<string> {
  const server = { baseUrl, apiKey, model, egress, timeoutMs: TIMEOUT_MS, attempts: 1 }
  const protocol = protocolFor(PROTOCOL_OF[kind], server)
  const answer = await protocol.complete({ system: 'You test a connection.', user: 'Answer with the word: ready' })
  return `${answer.model} answered.`
}

/** What is usually behind a status. */
function adviceFor(status: number | null | undefined): string {
  if (status == null) return ''
  if (status === 401 || status === 403) return ' The key or header was not accepted: check it and save the connection again.'
  if (status === 404)
    return ' Nothing answers at this address: check it, and that the workflow in n8n is active or the model’s name is right.'
  if (status === 429) return ' The other side asks us to slow down: try again in a minute.'
  if (status >= 300 && status < 400) return ' The address has moved: enter the one that it redirects to.'
  if (status >= 500) return ' The other side has a fault: try again later.'
  return ''
}

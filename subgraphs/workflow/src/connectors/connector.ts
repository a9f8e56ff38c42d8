import type { Egress, EgressPolicy } from '@signalbox/shared/egress'
import type { FieldFault } from '@signalbox/shared/errors'
import type { AccountKind } from '../accounts/account.type.ts'
import type { N8nWebhookConfig } from './n8n-webhook.ts'

/** The part of JSON Schema (2020-12) that forms show and calls are checked against. */
export type JsonSchema = Record<string, unknown>

export interface ConnectorCall<S extends object = object> {
  settings: S
  /** They fit the connector's parameters. */
  arguments: Record<string, unknown>
  organizationId: string
  /** Null when somebody tries the tool outside of a run. */
  runId: string | null
  /** The record of this call. */
  callId: string
  /** The same for every repetition of one effect. */
  idempotencyKey: string
}

/** What connectors reach beside the outside. */
export interface Platform {
  /** Stores a file of a run; the same name with the same content again gives the first. */
  putArtifact(
    organizationId: string,
    runId: string,
    artifact: { name: string; mediaType: string; body: Buffer },
  ): Promise<{ id: string }>
  /** Hands a mail to the part that sends mail, once a key. */
  postMail(organizationId: string, key: string, mail: { to: string; subject: string; text: string }): Promise<void>
  /** Where the organisation's n8n listens: its own connection, else the operator's, else null. */
  n8n(organizationId: string): Promise<N8nWebhookConfig | null>
  /** A signed address that takes the later answer to a call, once, until then. */
  resumeUrl(organizationId: string, callId: string, expiresAt: Date): Promise<string>
}

export interface ConnectorContext {
  /** The way out for what organisations wrote. */
  egress: Egress
  signal: AbortSignal
  /** What the account adds to a request that goes to its host. */
  headers: Record<string, string>
  platform: Platform
}

/** What a call would send. */
export interface Preview {
  /** A plain sentence: "Would send POST to api.example.com." */
  summary: string
  request: Record<string, unknown>
}

export interface Performed {
  result: Record<string, unknown>
  /** Of the answer. */
  bytes?: number
}

/** A way to do something outside: one file `<kind>.connector.ts`, named in `registry.ts`. */
export interface Connector<S extends object = object> {
  kind: string
  title: string
  /** For a business owner: what it is good for. */
  description: string
  /** JSON Schema of its settings; a property with `advanced: true` is shown to who asks for more. */
  settings: JsonSchema
  /** JSON Schema of the arguments of a call. */
  parameters(settings: S): JsonSchema
  /** The kinds of account that it can act for; empty: none. */
  accounts: readonly AccountKind[]
  /** Whether the other side can tell a repetition by its key. */
  idempotency: 'key' | 'none'
  /** Whether these settings may be repeated anyway: they only read, or the same twice is the same as once. */
  isRepeatable?(settings: S): boolean
  /** Whether a tool with these settings leads anywhere; absent: always. */
  isConnected?(settings: S, organizationId: string, platform: Platform): Promise<boolean>
  /** Calls a minute unless the tool says otherwise. */
  rateLimit: number
  /** What of the settings is wrong beyond their schema; paths begin at the settings. */
  check?(settings: S, policy: EgressPolicy): FieldFault[]
  /** The host that these settings lead to, for the account's secret to be held against; null: none. */
  host?(settings: S): string | null
  /** @throws {ToolError} */
  perform(call: ConnectorCall<S>, context: ConnectorContext): Promise<Performed>
  /** Says what would be sent and sends nothing. @throws {ToolError} for arguments that cannot be sent */
  dryRun(call: ConnectorCall<S>): Preview
}

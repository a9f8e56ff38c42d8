import { registerEnumType } from 'type-graphql'

export enum CredentialKind {
  N8N_WEBHOOK = 'N8N_WEBHOOK',
  OPENAI = 'OPENAI',
  ANTHROPIC = 'ANTHROPIC',
}
registerEnumType(CredentialKind, {
  name: 'CredentialKind',
  description: 'What an organisation can connect of its own.',
  valuesConfig: {
    N8N_WEBHOOK: { description: 'The n8n webhook that finished runs are handed to.' },
    OPENAI: { description: 'A model behind the OpenAI protocol (OpenAI, Azure, Ollama, vLLM and others).' },
    ANTHROPIC: { description: 'A model of Anthropic, or behind its protocol.' },
  },
})

/** The protocol that a model's connection speaks. */
export const PROTOCOL_OF = { [CredentialKind.OPENAI]: 'openai', [CredentialKind.ANTHROPIC]: 'anthropic' } as const

export interface N8nConnection {
  kind: CredentialKind.N8N_WEBHOOK
  url: string
  header: { name: string; value: string } | null
}

export type ModelKind = CredentialKind.OPENAI | CredentialKind.ANTHROPIC

export interface ModelConnection {
  kind: ModelKind
  /** With the version: `https://api.openai.com/v1`. */
  baseUrl: string
  apiKey: string
  model: string
}

/** A connection in the clear: the JSON that is encrypted. Never logged, never returned. */
export type Connection = N8nConnection | ModelConnection

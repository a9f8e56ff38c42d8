import { registerEnumType } from 'type-graphql'

export enum CredentialKind {
  N8N_WEBHOOK = 'N8N_WEBHOOK',
  OPENAI = 'OPENAI',
}
registerEnumType(CredentialKind, {
  name: 'CredentialKind',
  description: 'What an organisation can connect of its own.',
  valuesConfig: {
    N8N_WEBHOOK: { description: 'The n8n webhook that finished runs are handed to.' },
    OPENAI: { description: 'A model behind the OpenAI protocol (OpenAI, Azure, Ollama, vLLM and others).' },
  },
})

export interface N8nConnection {
  kind: CredentialKind.N8N_WEBHOOK
  url: string
  header: { name: string; value: string } | null
}

export interface ModelConnection {
  kind: CredentialKind.OPENAI
  /** With the version: `https://api.openai.com/v1`. */
  baseUrl: string
  apiKey: string
  model: string
}

/** A connection in the clear: the JSON that is encrypted. Never logged, never returned. */
export type Connection = N8nConnection | ModelConnection

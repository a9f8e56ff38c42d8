import type { ConnectionsQuery, CredentialKind } from '../../gql/graphql.ts'

export type Connection = ConnectionsQuery['credentials'][number]

const model = {
  purpose: 'Runs of your organisation decide and draft with this model, on your account.',
  without:
    'Runs use your other model if one is connected, else the one that the operator of Signalbox set up, or the built-in one.',
  testing: 'The test asks the model for one word, which costs a few tokens.',
}

/** How the page speaks of each kind. */
export const kinds: Record<CredentialKind, { title: string; name: string; purpose: string; without: string; testing: string }> = {
  N8N_WEBHOOK: {
    title: 'n8n',
    name: 'the n8n webhook',
    purpose: 'Decisions and replies are handed to this n8n workflow.',
    without: 'Runs hand their results to the webhook that the operator of Signalbox set up, if there is one.',
    testing: 'The test sends one message to the webhook, marked as a test.',
  },
  OPENAI: {
    title: 'OpenAI model',
    name: 'the OpenAI model',
    ...model,
  },
  ANTHROPIC: {
    title: 'Anthropic model',
    name: 'the Anthropic model',
    ...model,
  },
}

/** What a model is used for beside another one that is connected too; null when there is none. */
export function precedenceOf({ id, kind }: Connection, connections: Connection[]): string | null {
  const models = connections.filter((other) => other.kind !== 'N8N_WEBHOOK')
  if (kind === 'N8N_WEBHOOK' || models.length < 2) return null
  const last = models.reduce((latest, other) => (Date.parse(other.savedAt) > Date.parse(latest.savedAt) ? other : latest))
  return last.id === id
    ? 'Runs of your organisation decide and draft with this model, on your account: of your two models it was saved last.'
    : 'Your other model was saved later: this one is used only where a workflow asks for it by name.'
}

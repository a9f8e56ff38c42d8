import type { ConnectionsQuery, CredentialKind } from '../../gql/graphql.ts'

export type Connection = ConnectionsQuery['credentials'][number]

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
    title: 'Model',
    name: 'the model',
    purpose: 'Runs of your organisation decide and draft with this model, on your account.',
    without: 'Runs use the model that the operator of Signalbox set up, or the built-in one.',
    testing: 'The test asks the model for one word, which costs a few tokens.',
  },
}

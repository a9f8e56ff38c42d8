import { graphql } from '../../gql/gql.ts'

export const WebhookCardFragment = graphql(`
  fragment WebhookCard on WebhookTrigger {
    id
    name
    enabled
    pathHint
    requireSignature
    signatureForm
    signatureHeader
    mapping {
      input
      caseId
      idempotencyKey
    }
    lastRun {
      id
      status
      queuedAt
    }
    latest: deliveries(first: 1) {
      nodes {
        id
        status
        receivedAt
        fault {
          message
        }
      }
    }
    workflow {
      id
      slug
      name
    }
  }
`)

export const DeliveriesDocument = graphql(`
  query Deliveries($id: ID!) {
    trigger(id: $id) {
      __typename
      ... on WebhookTrigger {
        id
        deliveries(first: 50) {
          nodes {
            id
            receivedAt
            status
            httpStatus
            createdRun
            canRedeliver
            redeliveredAt
            headers
            body
            fault {
              message
              fields {
                path
                message
              }
            }
            run {
              id
              status
            }
          }
        }
      }
    }
  }
`)

export const CreateWebhookDocument = graphql(`
  mutation CreateWebhook($input: CreateWebhookTriggerInput!) {
    createWebhookTrigger(input: $input) {
      address
      secret
      trigger {
        id
        name
        requireSignature
        signatureForm
        signatureHeader
      }
    }
  }
`)

export const UpdateWebhookDocument = graphql(`
  mutation UpdateWebhook($input: UpdateWebhookTriggerInput!) {
    updateWebhookTrigger(input: $input) {
      trigger {
        id
      }
    }
  }
`)

export const DeleteWebhookDocument = graphql(`
  mutation DeleteWebhook($input: DeleteWebhookTriggerInput!) {
    deleteWebhookTrigger(input: $input) {
      trigger {
        id
      }
    }
  }
`)

export const RotateWebhookSecretDocument = graphql(`
  mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {
    rotateWebhookSecret(input: $input) {
      address
      secret
      trigger {
        id
        name
        requireSignature
        signatureForm
        signatureHeader
      }
    }
  }
`)

export const RedeliverDocument = graphql(`
  mutation Redeliver($input: RedeliverWebhookInput!) {
    redeliverWebhook(input: $input) {
      delivery {
        id
        status
      }
    }
  }
`)

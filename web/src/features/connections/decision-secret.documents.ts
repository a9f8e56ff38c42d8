import { graphql } from '../../gql/gql.ts'

export const RotateReviewSecretDocument = graphql(`
  mutation RotateReviewSecret($input: RotateReviewSecretInput!) {
    rotateReviewSecret(input: $input) {
      secret
    }
  }
`)

import { graphql } from '../../gql/gql.ts'

export const PhoneDocument = graphql(`
  query Phone {
    signInChannels
    viewer {
      actor {
        __typename
        ... on User {
          id
          phone
        }
      }
    }
  }
`)

export const RequestPhoneCodeDocument = graphql(`
  mutation RequestPhoneCode($input: RequestPhoneCodeInput!) {
    requestPhoneCode(input: $input) {
      challengeId
      expiresAt
    }
  }
`)

export const ConfirmPhoneDocument = graphql(`
  mutation ConfirmPhone($input: ConfirmPhoneInput!) {
    confirmPhone(input: $input) {
      user {
        id
        phone
      }
    }
  }
`)

export const RemovePhoneDocument = graphql(`
  mutation RemovePhone {
    removePhone {
      user {
        id
        phone
      }
    }
  }
`)

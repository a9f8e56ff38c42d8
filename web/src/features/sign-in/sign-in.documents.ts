import { graphql } from '../../gql/gql.ts'

export const SignInChannelsDocument = graphql(`
  query SignInChannels {
    signInChannels
  }
`)

export const RequestOtpDocument = graphql(`
  mutation RequestOtp($input: RequestOtpInput!) {
    requestOtp(input: $input) {
      challengeId
      expiresAt
    }
  }
`)

export const VerifyOtpDocument = graphql(`
  mutation VerifyOtp($input: VerifyOtpInput!) {
    verifyOtp(input: $input) {
      viewer {
        role
      }
    }
  }
`)

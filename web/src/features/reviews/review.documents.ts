import { graphql } from '../../gql/gql.ts'

export const ReviewRow = graphql(`
  fragment ReviewRow on Review {
    id
    question
    status
    confidence
    openedAt
    dueAt
    proposal
    run {
      id
      caseId
      input
      workflow {
        id
        name
      }
      organization {
        id
        name
      }
    }
    decision {
      action
      comment
      value
      decidedAt
      decidedBy {
        __typename
        ... on User {
          id
          displayName
        }
        ... on ServiceClient {
          id
          name
        }
        ... on SystemActor {
          id
          name
        }
      }
    }
  }
`)

export const ReviewsDocument = graphql(`
  query Reviews($filter: ReviewFilter, $first: Int, $after: String) {
    reviews(filter: $filter, first: $first, after: $after) {
      totalCount
      nodes {
        ...ReviewRow
      }
    }
  }
`)

export const ReviewsChangedDocument = graphql(`
  subscription ReviewsChanged($filter: ReviewFilter, $after: String) {
    reviewsChanged(filter: $filter, after: $after) {
      cursor
      kind
      review {
        ...ReviewRow
      }
    }
  }
`)

export const ReviewDocument = graphql(`
  query Review($id: ID!) {
    review(id: $id) {
      ...ReviewRow
      node
      checkpointId
      allowedActions
      responseSchema
      evidence {
        documentId
        title
        text
        score
        label
      }
    }
  }
`)

export const DecideReviewDocument = graphql(`
  mutation DecideReview($input: DecideReviewInput!) {
    decideReview(input: $input) {
      review {
        id
        status
      }
      run {
        id
        status
      }
    }
  }
`)

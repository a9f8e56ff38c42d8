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
    checkpointId
    allowedActions
    quorum
    assignee {
      id
      displayName
    }
    claimedBy {
      id
      displayName
    }
    canDecide {
      allowed
      reason
    }
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
      role
      selfApproval
      effect
      before
      claimEndsAt
      expiresAt
      expiryAction
      responseSchema
      votes {
        action
        value
        comment
        votedAt
        voter {
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
      handovers {
        id
        kind
        role
        comment
        at
        to {
          id
          displayName
        }
        actor {
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
      deliveries {
        id
        host
        status
        attempts
        fault
        createdAt
        nextAt
        settledAt
      }
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

export const DecideReviewsDocument = graphql(`
  mutation DecideReviews($input: DecideReviewsInput!) {
    decideReviews(input: $input) {
      outcomes {
        reviewId
        review {
          id
          status
        }
        fault {
          code
          message
        }
      }
    }
  }
`)

export const ClaimReviewDocument = graphql(`
  mutation ClaimReview($input: ClaimReviewInput!) {
    claimReview(input: $input) {
      review {
        id
        claimEndsAt
        claimedBy {
          id
          displayName
        }
      }
    }
  }
`)

export const ReleaseReviewDocument = graphql(`
  mutation ReleaseReview($input: ReleaseReviewInput!) {
    releaseReview(input: $input) {
      review {
        id
        claimEndsAt
        claimedBy {
          id
        }
      }
    }
  }
`)

export const DelegateReviewDocument = graphql(`
  mutation DelegateReview($input: DelegateReviewInput!) {
    delegateReview(input: $input) {
      review {
        id
        assignee {
          id
          displayName
        }
      }
    }
  }
`)

export const ColleaguesDocument = graphql(`
  query Colleagues($id: ID!) {
    organization(id: $id) {
      id
      members(first: 100) {
        nodes {
          id
          role
          user {
            id
            displayName
          }
        }
      }
      agencyAccess {
        people {
          role
          user {
            id
            displayName
          }
        }
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

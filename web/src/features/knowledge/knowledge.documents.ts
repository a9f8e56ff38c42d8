import { graphql } from '../../gql/gql.ts'

export const KnowledgeBasesDocument = graphql(`
  query KnowledgeBasesHere {
    knowledgeBases {
      id
      name
      documents
      chunks
      waiting
      embeddingModel
      createdAt
      calibrationStatus
      calibration {
        threshold
        targetPrecision
        accuracy
        coverage
        precision
        n
        calibratedAt
      }
      organization {
        id
        name
      }
    }
  }
`)

export const DocumentsOfBaseDocument = graphql(`
  query DocumentsOfBase($filter: KnowledgeDocumentFilter!, $after: String) {
    knowledgeDocuments(filter: $filter, first: 25, after: $after) {
      totalCount
      nodes {
        id
        key
        title
        label
        source
        version
        status
        chunks
        excerpt
        updatedAt
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

export const VersionsDocument = graphql(`
  query VersionsOfDocument($filter: KnowledgeDocumentFilter!) {
    knowledgeDocuments(filter: $filter, first: 25) {
      nodes {
        id
        versions {
          version
          title
          label
          characters
          source
          createdAt
          author {
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
    }
  }
`)

export const TrySearchDocument = graphql(`
  query TrySearch($input: AskKnowledgeInput!) {
    knowledgeAnswers(input: $input) {
      label
      confidence
      automatic
      hits {
        documentId
        documentKey
        version
        ordinal
        start
        end
        title
        text
        label
        score
      }
    }
  }
`)

export const CreateBaseDocument = graphql(`
  mutation CreateBase($input: CreateKnowledgeBaseInput!) {
    createKnowledgeBase(input: $input) {
      knowledgeBase {
        id
      }
    }
  }
`)

export const AddPageDocument = graphql(`
  mutation AddPage($input: IngestUrlInput!) {
    ingestUrl(input: $input) {
      knowledgeBase {
        id
      }
      kind
      documents
      added
      updated
      unchanged
      duplicates
      faults {
        line
        message
      }
    }
  }
`)

export const CalibrateDocument = graphql(`
  mutation CalibrateBase($input: CalibrateKnowledgeBaseInput!) {
    calibrateKnowledgeBase(input: $input) {
      knowledgeBase {
        id
        calibrationStatus
      }
    }
  }
`)

export const DeleteDocumentsDocument = graphql(`
  mutation DeleteKnowledgeDocuments($input: DeleteDocumentsInput!) {
    deleteDocuments(input: $input) {
      knowledgeBase {
        id
      }
      deleted
    }
  }
`)

export const DeleteBaseDocument = graphql(`
  mutation DeleteBase($input: DeleteKnowledgeBaseInput!) {
    deleteKnowledgeBase(input: $input) {
      id
    }
  }
`)

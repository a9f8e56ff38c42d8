import { graphql } from '../../gql/gql.ts'

export const VersionFields = graphql(`
  fragment VersionFields on WorkflowVersion {
    id
    number
    publishedAt
    note
    restores
    publishedBy {
      ...ActorFields
    }
  }
`)

export const GraphFields = graphql(`
  fragment GraphFields on StateGraph {
    nodes {
      name
      kind
      agent
      description
    }
    edges {
      from
      to
      condition
    }
  }
`)

export const WorkflowsDocument = graphql(`
  query Workflows($after: String) {
    workflows(first: 100, after: $after) {
      nodes {
        id
        slug
        name
        description
        recentRuns
        organization {
          id
          name
        }
        currentVersion {
          ...VersionFields
        }
        draft {
          revision
          savedAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

export const WorkflowDocument = graphql(`
  query Workflow($id: ID!, $after: String) {
    workflow(id: $id) {
      id
      slug
      name
      description
      recentRuns
      organization {
        id
        name
      }
      currentVersion {
        id
        number
        graph {
          ...GraphFields
        }
      }
      draft {
        revision
        savedAt
        savedBy {
          ...ActorFields
        }
        graph {
          ...GraphFields
        }
      }
      versions(first: 20, after: $after) {
        nodes {
          ...VersionFields
        }
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`)

export const EditorDocument = graphql(`
  query WorkflowEditor($id: ID!) {
    workflowDefinitionSchema
    workflow(id: $id) {
      id
      slug
      name
      description
      organization {
        id
      }
      currentVersion {
        id
        number
        definition
      }
      draft {
        revision
        name
        description
        text
      }
    }
  }
`)

export const CheckWorkflowDocument = graphql(`
  query CheckWorkflow($input: CheckWorkflowInput!) {
    checkWorkflow(input: $input) {
      faults {
        path
        message
      }
      graph {
        ...GraphFields
      }
    }
  }
`)

export const CompareVersionsDocument = graphql(`
  query CompareVersions($workflow: String!, $from: Int!, $to: Int) {
    compareVersions(workflow: $workflow, from: $from, to: $to) {
      workflow {
        id
      }
      from {
        number
      }
      to {
        number
      }
      changes {
        kind
        part
        subject
        path
        before
        after
      }
    }
  }
`)

export const SaveDraftDocument = graphql(`
  mutation SaveWorkflowDraft($input: SaveWorkflowDraftInput!) {
    saveWorkflowDraft(input: $input) {
      workflow {
        id
        slug
        name
      }
      draft {
        revision
        savedAt
      }
    }
  }
`)

export const DiscardDraftDocument = graphql(`
  mutation DiscardWorkflowDraft($input: DiscardWorkflowDraftInput!) {
    discardWorkflowDraft(input: $input) {
      workflow {
        id
        draft {
          revision
        }
      }
    }
  }
`)

export const PublishDocument = graphql(`
  mutation PublishWorkflow($input: PublishWorkflowInput!) {
    publishWorkflow(input: $input) {
      created
      workflow {
        id
      }
      version {
        ...VersionFields
      }
    }
  }
`)

export const RollbackDocument = graphql(`
  mutation RollbackWorkflow($input: RollbackWorkflowInput!) {
    rollbackWorkflow(input: $input) {
      workflow {
        id
      }
      version {
        ...VersionFields
      }
    }
  }
`)

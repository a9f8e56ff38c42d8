/** Every operation that the client sends; a test validates each against the public schema. */
export const RUN_FIELDS = /* GraphQL */ `
  fragment RunFields on Run {
    id
    status
    output
    failure {
      code
      reason
    }
    reviews {
      proposal
    }
  }
`

export const START_RUNS = /* GraphQL */ `
  mutation StartRuns($input: StartRunsInput!) {
    startRuns(input: $input) {
      runs {
        id
        status
      }
      created
    }
  }
`

export const COUNT_RUNS = /* GraphQL */ `
  query CountRuns($filter: RunFilter!) {
    runs(filter: $filter, first: 0) {
      totalCount
    }
  }
`

export const PAGE_OF_RUNS = /* GraphQL */ `
  query PageOfRuns($filter: RunFilter!, $after: String) {
    runs(filter: $filter, first: 200, after: $after) {
      nodes {
        ...RunFields
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
  ${RUN_FIELDS}
`

/** The gateway takes 50 aliases at most. */
export const RUNS_AT_ONCE = 40

/** Runs by their ids, each under an alias of its own. */
export const runsById = (count: number): string => {
  const variables = Array.from({ length: count }, (_, index) => `$id${index}: ID!`).join(', ')
  const fields = Array.from({ length: count }, (_, index) => `run${index}: run(id: $id${index}) { ...RunFields }`).join('\n')
  return `query RunsById(${variables}) { ${fields} } ${RUN_FIELDS}`
}

export const RUNS_CHANGED = /* GraphQL */ `
  subscription RunsChanged($filter: RunFilter, $after: String) {
    runsChanged(filter: $filter, after: $after) {
      cursor
      kind
      run {
        id
        status
        durationMs
        lastSeq
        workflow {
          slug
        }
        failure {
          code
          reason
        }
      }
    }
  }
`

export const CREATE_KNOWLEDGE_BASE = /* GraphQL */ `
  mutation CreateKnowledgeBase($input: CreateKnowledgeBaseInput!) {
    createKnowledgeBase(input: $input) {
      knowledgeBase {
        name
      }
    }
  }
`

export const INGEST_DOCUMENTS = /* GraphQL */ `
  mutation IngestDocuments($input: IngestDocumentsInput!) {
    ingestDocuments(input: $input) {
      knowledgeBase {
        documents
      }
      added
      updated
      unchanged
    }
  }
`

export const CALIBRATE = /* GraphQL */ `
  mutation Calibrate($input: CalibrateKnowledgeBaseInput!) {
    calibrateKnowledgeBase(input: $input) {
      knowledgeBase {
        name
      }
    }
  }
`

export const CALIBRATION = /* GraphQL */ `
  query CalibrationOfBases {
    knowledgeBases {
      name
      calibrationStatus
      calibration {
        threshold
        targetPrecision
        accuracy
        coverage
        precision
        n
      }
    }
  }
`

export const KNOWLEDGE_ANSWERS = /* GraphQL */ `
  query KnowledgeAnswers($input: AskKnowledgeInput!) {
    knowledgeAnswers(input: $input) {
      label
      automatic
      hits {
        label
      }
    }
  }
`

export const AUDIT_PAGE = /* GraphQL */ `
  query AuditPage($filter: AuditFilter!, $after: String) {
    auditEvents(filter: $filter, orderBy: OLDEST_FIRST, first: 200, after: $after) {
      nodes {
        sequence
        at
        action
        outcome
        actorKind
        actorId
        scopes
        target {
          type
          id
        }
        details
        requestId
        operation
        source
        organization {
          id
        }
        previousHash
        hash
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`

export const AUDIT_HEAD = /* GraphQL */ `
  query AuditHead {
    auditIntegrity {
      entries
      head
    }
    viewer {
      organization {
        id
      }
    }
  }
`

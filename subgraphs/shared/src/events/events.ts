import type { AuditRecord } from '../audit.ts'

/** The events that cross subgraph boundaries, by type. Ids only where another subgraph owns the data; never personal data. */
export interface EventPayloads {
  'organization.saved': {
    organizationId: string
    name: string
    kind: 'AGENCY' | 'CLIENT'
    agencyId: string | null
    timeZone: string
  }
  'membership.changed': { userId: string; organizationId: string; role: string | null }
  'workflow.published': { workflowId: string; slug: string; name: string; versionId: string; number: number }
  'run.advanced': RunAdvanced
  'review.decided': {
    runId: string
    caseId: string
    reviewId: string
    action: string
    decidedBy: string
    openedAt: string
    /** The deadline, where the review had one. */
    dueAt?: string | null
    decidedAt: string
    activeMs: number | null
    edited: boolean
    editDistance: number | null
  }
  /** Written through `Audit` (`shared/src/audit.ts`) only; the organisation may be the platform's own (zeros). */
  'audit.recorded': AuditRecord
}

/** One flush of a run's transitions: what the run is, and each transition in the order of its `seq`. */
export interface RunAdvanced {
  runId: string
  caseId: string
  workflowId: string
  workflowSlug: string
  versionId: string
  trigger: string
  /** False for tests, replays and forks: they do not count in a KPI. */
  production: boolean
  queuedAt: string
  transitions: RunAdvancedTransition[]
}

export interface RunAdvancedTransition {
  seq: number
  at: string
  kind: string
  status: string
  node: string | null
  attempt: number | null
  durationMs: number | null
  failureCode: string | null
  usage: { inputTokens: number; outputTokens: number; model: string; costUsd: string } | null
  /** On SUCCEEDED only: whether no person decided anything. */
  automated: boolean | null
}

export type EventType = keyof EventPayloads

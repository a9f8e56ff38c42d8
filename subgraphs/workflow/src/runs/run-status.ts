import { registerEnumType } from 'type-graphql'

export enum RunStatus {
  QUEUED = 'QUEUED',
  RUNNING = 'RUNNING',
  WAITING_FOR_REVIEW = 'WAITING_FOR_REVIEW',
  WAITING = 'WAITING',
  RETRYING = 'RETRYING',
  PAUSED = 'PAUSED',
  SUCCEEDED = 'SUCCEEDED',
  FAILED = 'FAILED',
  CANCELLED = 'CANCELLED',
  EXPIRED = 'EXPIRED',
}
registerEnumType(RunStatus, {
  name: 'RunStatus',
  description: 'Where a run stands.',
  valuesConfig: {
    QUEUED: { description: 'Waits for a worker: new, decided by a person, or tried again.' },
    RETRYING: { description: 'A step failed and will be tried again shortly.' },
  },
})

export const ENDED: readonly RunStatus[] = [RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELLED, RunStatus.EXPIRED]

export enum RunTrigger {
  DASHBOARD = 'DASHBOARD',
  API = 'API',
  N8N = 'N8N',
  WEBHOOK = 'WEBHOOK',
  SCHEDULE = 'SCHEDULE',
  RUN = 'RUN',
  CLI = 'CLI',
}
registerEnumType(RunTrigger, { name: 'RunTrigger', description: 'What started a run.' })

export enum TransitionKind {
  QUEUED = 'QUEUED',
  STARTED = 'STARTED',
  NODE_STARTED = 'NODE_STARTED',
  NODE_FINISHED = 'NODE_FINISHED',
  NODE_FAILED = 'NODE_FAILED',
  RETRY_SCHEDULED = 'RETRY_SCHEDULED',
  WAITING = 'WAITING',
  REVIEW_REQUESTED = 'REVIEW_REQUESTED',
  REVIEW_ASSIGNED = 'REVIEW_ASSIGNED',
  REVIEW_DECIDED = 'REVIEW_DECIDED',
  REVIEW_EXPIRED = 'REVIEW_EXPIRED',
  RESUMED = 'RESUMED',
  EFFECT_RECORDED = 'EFFECT_RECORDED',
  EFFECT_SETTLED = 'EFFECT_SETTLED',
  RECOVERED = 'RECOVERED',
  PAUSED = 'PAUSED',
  FORKED = 'FORKED',
  CANCELLED = 'CANCELLED',
  EXPIRED = 'EXPIRED',
  SUCCEEDED = 'SUCCEEDED',
  FAILED = 'FAILED',
}
registerEnumType(TransitionKind, { name: 'TransitionKind', description: 'What happened to a run.' })

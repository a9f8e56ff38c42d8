import { HARMLESS } from './harmless-arguments.ts'
import { RANGE, type Tenant } from './world.ts'

/** What becomes of an operation that names something of another tenant. */
export type Outcome =
  /** Null and NOT_FOUND, as if it did not exist. */
  | 'NOT_FOUND'
  /** An answer about the caller's own organisation, or none: the field names nobody. */
  | 'OWN'
  /** Refused before it is looked at. */
  | 'REFUSED'

export interface ForeignCase {
  outcome: Outcome
  /** A client’s people may not do it to their own either: only agencies try. */
  agencyOnly?: boolean
  variables: Record<string, unknown>
}

const input = (value: Record<string, unknown>) => ({ input: value })
const notFound = (variables: Record<string, unknown>): ForeignCase => ({ outcome: 'NOT_FOUND', variables })
const ofAgency = (variables: Record<string, unknown>): ForeignCase => ({ outcome: 'NOT_FOUND', agencyOnly: true, variables })
const refused = (variables: Record<string, unknown>): ForeignCase => ({ outcome: 'REFUSED', variables })
const own = (variables: Record<string, unknown> = {}): ForeignCase => ({ outcome: 'OWN', variables })
/** What names nobody: sent as in the test of rights. */
const harmless = (coordinate: string): ForeignCase => own((HARMLESS[coordinate] ?? {}) as Record<string, unknown>)

/**
 * For every root field, how a caller would try to get at another tenant's data with it. A field without a case fails the test.
 * @param theirs the tenant that is to be kept from the caller
 */
export const FOREIGN: Record<string, (theirs: Tenant) => ForeignCase> = {
  'Query.viewer': () => own(),
  'Query.roles': () => own(),
  'Query.signInChannels': () => own(),
  'Query.organizations': () => own(),
  'Query.accounts': () => own(),
  'Query.accountReturnUrl': () => own(),
  'Query.alerts': ({ organizationId }) => own({ filter: { organization: organizationId } }),
  'Query.auditEvents': ({ organizationId }) => own({ filter: { organization: organizationId } }),
  'Query.auditIntegrity': ({ organizationId }) => notFound({ organization: organizationId }),
  'Query.organization': ({ ids }) => notFound({ id: ids['Organization'] }),
  'Query.technicalHealth': ({ ids }) => notFound({ range: RANGE, workflow: ids['Workflow'] }),
  'Query.kpis': ({ ids }) => notFound({ range: RANGE, workflow: ids['Workflow'] }),
  'Query.artifact': ({ ids }) => notFound({ id: ids['Artifact'] }),
  'Query.connectors': () => own(),
  'Query.bulkOperation': ({ ids }) => notFound({ id: ids['BulkOperation'] }),
  'Query.bulkOperations': () => own(),
  'Query.credentials': () => own(),
  'Query.deadLetters': () => own(),
  'Query.knowledgeBases': () => own(),
  'Query.previewBulk': ({ ids }) => own({ filter: { ids: [ids['Run']] }, action: 'CANCEL' }),
  'Query.runLimits': () => own(),
  'Query.knowledgeAnswers': ({ ids, mark }) => notFound(input({ knowledgeBase: ids['KnowledgeBase'], texts: [mark] })),
  'Query.knowledgeDocuments': ({ ids }) => notFound({ filter: { knowledgeBase: ids['KnowledgeBase'] } }),
  'Query.searchKnowledge': ({ ids, mark }) => notFound(input({ knowledgeBase: ids['KnowledgeBase'], text: mark })),
  'Query.reviews': ({ organizationId, ids }) => own({ filter: { organization: [organizationId], workflow: [ids['Workflow']] } }),
  'Query.review': ({ ids }) => notFound({ id: ids['Review'] }),
  'Query.runs': ({ organizationId }) => own({ filter: { organization: [organizationId] } }),
  'Query.run': ({ ids }) => notFound({ id: ids['Run'] }),
  'Query.tools': () => own(),
  'Query.workflows': () => own(),
  'Query.workflowDefinitionSchema': () => own(),
  'Query.checkWorkflow': () => harmless('Query.checkWorkflow'),
  'Query.compareVersions': ({ ids }) => notFound({ workflow: ids['Workflow'], from: 1, to: 1 }),
  'Query.previewSchedule': () => harmless('Query.previewSchedule'),
  'Query.schedules': () => own(),
  'Query.trigger': ({ ids }) => notFound({ id: ids['WebhookTrigger'] }),
  'Query.triggers': () => own(),
  'Query.workflow': ({ ids }) => notFound({ id: ids['Workflow'] }),

  // Whoever holds the link is told that it is for another address, and no more.
  'Mutation.acceptInvitation': ({ ids }) => refused(input({ id: ids['Invitation'] })),
  'Mutation.acknowledgeAlert': ({ ids }) => notFound(input({ id: ids['Alert'] })),
  'Mutation.annotateRun': ({ ids }) => notFound(input({ runId: ids['Run'], body: 'from elsewhere' })),
  'Mutation.assignReview': ({ ids }) => notFound(input({ reviewId: ids['Review'], assigneeId: null })),
  'Mutation.bulkRuns': ({ ids }) => refused(input({ action: 'CANCEL', filter: { ids: [ids['Run']] }, expectedCount: 1 })),
  'Mutation.calibrateKnowledgeBase': ({ ids }) => notFound(input({ knowledgeBase: ids['KnowledgeBase'] })),
  'Mutation.cancelRun': ({ ids }) => notFound(input({ runId: ids['Run'], reason: 'from elsewhere' })),
  'Mutation.changeMemberRole': ({ ids }) => notFound(input({ membershipId: ids['Membership'], role: 'CLIENT_VIEWER' })),
  'Mutation.completeAccount': () => harmless('Mutation.completeAccount'),
  'Mutation.claimReview': ({ ids }) => notFound(input({ reviewId: ids['Review'] })),
  'Mutation.confirmPhone': () => harmless('Mutation.confirmPhone'),
  'Mutation.connectAccount': ({ ids }) => notFound(input({ id: ids['Account'] })),
  'Mutation.createKnowledgeBase': ({ mark }) => own(input({ name: `${mark} base` })),
  'Mutation.createOrganization': () => harmless('Mutation.createOrganization'),
  'Mutation.createRunEventTrigger': ({ ids }) =>
    notFound(
      input({
        sourceWorkflow: ids['Workflow'],
        workflow: ids['Workflow'],
        name: 'from elsewhere',
        statuses: ['SUCCEEDED'],
        mapping: { input: 'run.input' },
      }),
    ),
  'Mutation.createSchedule': ({ ids }) =>
    notFound(
      input({ workflow: ids['Workflow'], name: 'from elsewhere', cron: '0 0 1 1 *', timeZone: 'UTC', input: { text: 'x' } }),
    ),
  'Mutation.createServiceClient': () => harmless('Mutation.createServiceClient'),
  'Mutation.createWebhookTrigger': ({ ids }) =>
    notFound(input({ workflow: ids['Workflow'], name: 'from elsewhere', mapping: { input: 'body' } })),
  'Mutation.decideReview': ({ ids }) =>
    notFound(input({ reviewId: ids['Review'], action: 'APPROVE', checkpointId: ids['Checkpoint'] })),
  'Mutation.deleteAccount': ({ ids }) => notFound(input({ id: ids['Account'] })),
  // Each decision has an answer of its own: NOT_FOUND, beside it.
  'Mutation.decideReviews': ({ ids }) =>
    own(input({ decisions: [{ reviewId: ids['Review'], action: 'APPROVE', checkpointId: ids['Checkpoint'] }] })),
  'Mutation.delegateReview': ({ ids }) => notFound(input({ reviewId: ids['Review'], to: ids['Review'] })),
  'Mutation.deleteCredential': ({ ids }) => notFound(input({ id: ids['Credential'] })),
  'Mutation.discardWorkflowDraft': ({ ids }) => ofAgency(input({ workflow: ids['Workflow'], revision: 1 })),
  'Mutation.deleteRunEventTrigger': ({ ids }) => notFound(input({ id: ids['RunEventTrigger'] })),
  'Mutation.deleteSchedule': ({ ids }) => notFound(input({ id: ids['Schedule'] })),
  'Mutation.deleteWebhookTrigger': ({ ids }) => notFound(input({ id: ids['WebhookTrigger'] })),
  'Mutation.deleteTool': ({ ids }) => notFound(input({ id: ids['Tool'] })),
  'Mutation.dismissRuns': ({ ids }) => notFound(input({ group: ids['FailureGroup'], reason: 'from elsewhere' })),
  'Mutation.deleteDocuments': ({ ids }) => notFound(input({ knowledgeBase: ids['KnowledgeBase'], documents: [] })),
  'Mutation.deleteKnowledgeBase': ({ ids }) => notFound(input({ knowledgeBase: ids['KnowledgeBase'] })),
  'Mutation.endOtherSessions': () => own(),
  'Mutation.endSession': ({ ids }) => notFound(input({ id: ids['Session'] })),
  'Mutation.forkRun': ({ ids }) => notFound(input({ runId: ids['Run'], checkpointId: ids['Checkpoint'] })),
  'Mutation.ingestDocuments': ({ ids }) =>
    notFound(input({ knowledgeBase: ids['KnowledgeBase'], documents: [{ key: 'k', text: 'from elsewhere' }] })),
  'Mutation.ingestUrl': ({ ids }) => notFound(input({ knowledgeBase: ids['KnowledgeBase'], url: 'https://elsewhere.example/' })),
  'Mutation.inviteMember': () => harmless('Mutation.inviteMember'),
  'Mutation.publishWorkflow': ({ ids }) => ofAgency(input({ workflow: ids['Workflow'] })),
  // A case is a name: both may have one of this name.
  'Mutation.recordOutcome': ({ mark }) =>
    own(input({ key: `${mark}-outcome`, caseId: `${mark}-case`, kind: 'GOAL_MET', at: '2026-03-03T10:00:00Z' })),
  'Mutation.redeliverWebhook': ({ ids }) => notFound(input({ deliveryId: ids['WebhookDelivery'] })),
  'Mutation.pauseRun': ({ ids }) => notFound(input({ runId: ids['Run'] })),
  // A case is a name: both may have one of this name.
  'Mutation.redriveRuns': ({ ids }) => notFound(input({ group: ids['FailureGroup'], expectedCount: 9 })),
  'Mutation.refreshSession': () => own(),
  'Mutation.reindexKnowledgeBase': ({ ids }) => notFound(input({ knowledgeBase: ids['KnowledgeBase'] })),
  'Mutation.releaseReview': ({ ids }) => notFound(input({ reviewId: ids['Review'] })),
  'Mutation.removeMember': ({ ids }) => notFound(input({ membershipId: ids['Membership'] })),
  'Mutation.removePhone': () => own(),
  'Mutation.replayRun': ({ ids }) => notFound(input({ runId: ids['Run'] })),
  'Mutation.requestOtp': () => harmless('Mutation.requestOtp'),
  'Mutation.requestPhoneCode': () => harmless('Mutation.requestPhoneCode'),
  'Mutation.resendInvitation': ({ ids }) => notFound(input({ id: ids['Invitation'] })),
  'Mutation.resumeRun': ({ ids }) => notFound(input({ runId: ids['Run'] })),
  'Mutation.retryRun': ({ ids }) => notFound(input({ runId: ids['Run'] })),
  'Mutation.revokeServiceClient': ({ ids }) => notFound(input({ id: ids['ServiceClient'] })),
  'Mutation.rollbackWorkflow': ({ ids }) => ofAgency(input({ workflow: ids['Workflow'], version: 1 })),
  'Mutation.rotateReviewSecret': ({ organizationId }) => notFound(input({ organizationId })),
  'Mutation.rotateServiceClientSecret': ({ ids }) => notFound(input({ id: ids['ServiceClient'], overlapHours: 0 })),
  'Mutation.rotateWebhookSecret': ({ ids }) => notFound(input({ id: ids['WebhookTrigger'] })),
  'Mutation.runScheduleNow': ({ ids }) => notFound(input({ id: ids['Schedule'] })),
  'Mutation.saveCredential': () => harmless('Mutation.saveCredential'),
  'Mutation.saveWorkflowDraft': ({ ids }) =>
    ofAgency(input({ workflow: ids['Workflow'], name: 'from elsewhere', definition: {} })),
  'Mutation.saveAccount': ({ ids }) =>
    notFound(
      input({ id: ids['Account'], name: 'x', kind: 'HEADER', host: 'a.example', header: { name: 'X-Key', value: 'elsewhere' } }),
    ),
  'Mutation.saveTool': ({ ids }) =>
    notFound(
      input({
        name: 'from_elsewhere',
        description: 'from elsewhere',
        kind: 'http',
        settings: { method: 'GET', url: 'https://a.example/' },
        accountId: ids['Account'],
      }),
    ),
  'Mutation.setBaseline': ({ ids }) =>
    notFound(
      input({ kpi: 'TURNAROUND', workflow: ids['Workflow'], median: 1, n: 40, source: 'ESTIMATED', window: 'from elsewhere' }),
    ),
  'Mutation.setEngagement': ({ ids }) =>
    notFound(input({ workflow: ids['Workflow'], startedAt: '2026-01-01T00:00:00Z', buildCost: '1', hourlyRate: '1' })),
  'Mutation.setRunLimits': () => harmless('Mutation.setRunLimits'),
  // Would end the caller's own session; it takes no id.
  'Mutation.signOut': () => refused(input({ everywhere: null })),
  'Mutation.signalRuns': ({ mark }) => own(input({ event: 'paid', key: mark })),
  'Mutation.startRun': ({ ids }) => notFound(input({ workflow: ids['Workflow'], input: { text: 'from elsewhere' } })),
  'Mutation.startRuns': ({ ids }) =>
    notFound(input({ workflow: ids['Workflow'], items: [{ input: { text: 'from elsewhere' } }] })),
  'Mutation.switchOrganization': ({ organizationId }) => notFound(input({ organizationId })),
  'Mutation.testCredential': ({ ids }) => notFound(input({ id: ids['Credential'] })),
  'Mutation.tryTool': ({ mark }) => notFound(input({ tool: `${mark.toLowerCase()}_tool`, arguments: {} })),
  'Mutation.updateOrganization': () => harmless('Mutation.updateOrganization'),
  'Mutation.updateRunEventTrigger': ({ ids }) => notFound(input({ id: ids['RunEventTrigger'], enabled: false })),
  'Mutation.updateSchedule': ({ ids }) => notFound(input({ id: ids['Schedule'], paused: true })),
  'Mutation.updateWebhookTrigger': ({ ids }) => notFound(input({ id: ids['WebhookTrigger'], enabled: false })),
  'Mutation.verifyOtp': () => harmless('Mutation.verifyOtp'),
  'Mutation.withdrawInvitation': ({ ids }) => notFound(input({ id: ids['Invitation'] })),

  'Subscription.alertRaised': () => own(),
  'Subscription.runTransitions': ({ ids }) => notFound({ runId: ids['Run'], after: 0 }),
  'Subscription.runsChanged': ({ organizationId }) => own({ filter: { organization: [organizationId] } }),
  'Subscription.reviewsChanged': ({ organizationId }) => own({ filter: { organization: [organizationId] } }),
  'Subscription.kpisChanged': ({ ids }) => notFound({ range: RANGE, workflow: ids['Workflow'] }),
}

import type { Arguments } from './operations.ts'

/** An id that nothing has. */
export const NOBODY = '0190a000-0000-7000-8000-00000000dead'
/** Ends before it begins. */
const NO_RANGE = { from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }
const AT = '2026-01-01T00:00:00Z'

const input = (value: Record<string, unknown>) => ({ input: value })

/**
 * What the test of rights sends. Each satisfies the schema and changes nothing: it names what does not exist, or is refused for what it
 * says. So whoever is let in is answered NOT_FOUND or BAD_USER_INPUT, and a subscription ends at once.
 */
export const HARMLESS: Arguments = {
  'ID!': NOBODY,
  'TimeRange!': NO_RANGE,
  'Query.searchKnowledge': input({ knowledgeBase: 'no such base', text: 'anything' }),
  'Query.workflow': { id: NOBODY },
  'Query.checkWorkflow': input({ definition: {} }),
  'Query.compareVersions': { workflow: NOBODY, from: 1, to: 2 },
  'Query.previewSchedule': { cron: '0 8 * * MON', timeZone: 'UTC' },

  'Mutation.acceptInvitation': input({ id: NOBODY }),
  'Mutation.acknowledgeAlert': input({ id: NOBODY }),
  'Mutation.annotateRun': input({ runId: NOBODY, body: 'anything' }),
  'Mutation.assignReview': input({ reviewId: NOBODY }),
  'Mutation.calibrateKnowledgeBase': input({ knowledgeBase: 'no such base' }),
  'Mutation.cancelRun': input({ runId: NOBODY }),
  'Mutation.changeMemberRole': input({ membershipId: NOBODY, role: 'CLIENT_VIEWER' }),
  'Mutation.completeAccount': input({ state: 'no state', code: 'no code' }),
  'Mutation.confirmPhone': input({ challengeId: NOBODY, code: '000000' }),
  'Mutation.connectAccount': input({ id: NOBODY }),
  'Mutation.createKnowledgeBase': input({ name: '' }),
  'Mutation.createOrganization': input({ name: '' }),
  'Mutation.createRunEventTrigger': input({
    sourceWorkflow: NOBODY,
    workflow: NOBODY,
    name: 'any',
    statuses: ['SUCCEEDED'],
    mapping: { input: 'run.input' },
  }),
  'Mutation.createSchedule': input({ workflow: NOBODY, name: 'any', cron: '0 8 * * MON', timeZone: 'UTC', input: {} }),
  'Mutation.createServiceClient': input({ name: '', scopes: [] }),
  'Mutation.createWebhookTrigger': input({ workflow: NOBODY, name: 'any', mapping: { input: 'body' } }),
  'Mutation.deleteCredential': input({ id: NOBODY }),
  'Mutation.deleteRunEventTrigger': input({ id: NOBODY }),
  'Mutation.deleteSchedule': input({ id: NOBODY }),
  'Mutation.deleteWebhookTrigger': input({ id: NOBODY }),
  'Mutation.deleteAccount': input({ id: NOBODY }),
  'Mutation.deleteTool': input({ id: NOBODY }),
  'Mutation.decideReview': input({ reviewId: NOBODY, action: 'APPROVE', checkpointId: NOBODY }),
  'Mutation.discardWorkflowDraft': input({ workflow: NOBODY, revision: 1 }),
  'Mutation.endSession': input({ id: NOBODY }),
  'Mutation.ingestDocuments': input({ knowledgeBase: 'no such base', documents: [] }),
  'Mutation.inviteMember': input({ email: 'no address', role: 'CLIENT_VIEWER' }),
  'Mutation.publishWorkflow': input({ workflow: NOBODY }),
  'Mutation.recordOutcome': input({ key: '', caseId: '', kind: 'RATED', at: AT, value: 99 }),
  'Mutation.redeliverWebhook': input({ deliveryId: NOBODY }),
  'Mutation.reindexKnowledgeBase': input({ knowledgeBase: 'no such base' }),
  'Mutation.removeMember': input({ membershipId: NOBODY }),
  'Mutation.requestOtp': input({ channel: 'EMAIL', address: 'no address' }),
  'Mutation.requestPhoneCode': input({ phone: 'no number' }),
  'Mutation.resendInvitation': input({ id: NOBODY }),
  'Mutation.retryRun': input({ runId: NOBODY }),
  'Mutation.revokeServiceClient': input({ id: NOBODY }),
  'Mutation.rollbackWorkflow': input({ workflow: NOBODY, version: 1 }),
  'Mutation.rotateServiceClientSecret': input({ id: NOBODY }),
  'Mutation.rotateWebhookSecret': input({ id: NOBODY }),
  'Mutation.runScheduleNow': input({ id: NOBODY }),
  'Mutation.saveCredential': input({ kind: 'OPENAI' }),
  'Mutation.saveWorkflowDraft': input({ slug: 'Not a slug', name: '', definition: {} }),
  'Mutation.saveAccount': input({ name: '', kind: 'HEADER', host: '' }),
  'Mutation.saveTool': input({ name: '', description: '', kind: 'none', settings: {} }),
  'Mutation.setBaseline': input({ kpi: 'TURNAROUND', median: -1, n: 0, source: 'ESTIMATED', window: '' }),
  'Mutation.setEngagement': input({ startedAt: AT, buildCost: 'nothing', hourlyRate: 'nothing' }),
  'Mutation.signalRuns': input({ event: '', key: '' }),
  'Mutation.signOut': input({ everywhere: false }),
  'Mutation.startRun': input({ workflow: 'no-such', input: {} }),
  'Mutation.startRuns': input({ workflow: 'no-such', items: [{ input: {} }] }),
  'Mutation.switchOrganization': input({ organizationId: NOBODY }),
  'Mutation.testCredential': input({ id: NOBODY }),
  'Mutation.tryTool': input({ tool: 'no_such_tool', arguments: {} }),
  'Mutation.updateOrganization': input({ name: '' }),
  'Mutation.updateRunEventTrigger': input({ id: NOBODY, enabled: false }),
  'Mutation.updateSchedule': input({ id: NOBODY, paused: true }),
  'Mutation.updateWebhookTrigger': input({ id: NOBODY, enabled: false }),
  'Mutation.verifyOtp': input({ challengeId: NOBODY, code: '000000' }),
  'Mutation.withdrawInvitation': input({ id: NOBODY }),

  'Subscription.reviewsChanged': { after: 'no cursor' },
  'Subscription.runsChanged': { after: 'no cursor' },
}

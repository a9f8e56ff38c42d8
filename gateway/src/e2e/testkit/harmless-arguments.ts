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
  'Query.knowledgeAnswers': input({ knowledgeBase: 'no such base', texts: ['anything'] }),
  'Query.knowledgeDocuments': { filter: { knowledgeBase: 'no such base' } },
  'Query.searchKnowledge': input({ knowledgeBase: 'no such base', text: 'anything' }),
  'Query.workflow': { id: NOBODY },

  'Mutation.acceptInvitation': input({ id: NOBODY }),
  'Mutation.acknowledgeAlert': input({ id: NOBODY }),
  'Mutation.annotateRun': input({ runId: NOBODY, body: 'anything' }),
  'Mutation.assignReview': input({ reviewId: NOBODY }),
  'Mutation.calibrateKnowledgeBase': input({ knowledgeBase: 'no such base' }),
  'Mutation.cancelRun': input({ runId: NOBODY }),
  'Mutation.changeMemberRole': input({ membershipId: NOBODY, role: 'CLIENT_VIEWER' }),
  'Mutation.confirmPhone': input({ challengeId: NOBODY, code: '000000' }),
  'Mutation.createKnowledgeBase': input({ name: '' }),
  'Mutation.createOrganization': input({ name: '' }),
  'Mutation.createServiceClient': input({ name: '', scopes: [] }),
  'Mutation.deleteCredential': input({ id: NOBODY }),
  'Mutation.deleteDocuments': input({ knowledgeBase: 'no such base', documents: [] }),
  'Mutation.deleteKnowledgeBase': input({ knowledgeBase: 'no such base' }),
  'Mutation.decideReview': input({ reviewId: NOBODY, action: 'APPROVE', checkpointId: NOBODY }),
  'Mutation.endSession': input({ id: NOBODY }),
  'Mutation.ingestDocuments': input({ knowledgeBase: 'no such base', documents: [] }),
  'Mutation.ingestUrl': input({ knowledgeBase: 'no such base', url: 'https://elsewhere.example/' }),
  'Mutation.inviteMember': input({ email: 'no address', role: 'CLIENT_VIEWER' }),
  'Mutation.recordOutcome': input({ key: '', caseId: '', kind: 'RATED', at: AT, value: 99 }),
  'Mutation.reindexKnowledgeBase': input({ knowledgeBase: 'no such base' }),
  'Mutation.removeMember': input({ membershipId: NOBODY }),
  'Mutation.requestOtp': input({ channel: 'EMAIL', address: 'no address' }),
  'Mutation.requestPhoneCode': input({ phone: 'no number' }),
  'Mutation.resendInvitation': input({ id: NOBODY }),
  'Mutation.retryRun': input({ runId: NOBODY }),
  'Mutation.revokeServiceClient': input({ id: NOBODY }),
  'Mutation.rotateServiceClientSecret': input({ id: NOBODY }),
  'Mutation.saveCredential': input({ kind: 'OPENAI' }),
  'Mutation.setBaseline': input({ kpi: 'TURNAROUND', median: -1, n: 0, source: 'ESTIMATED', window: '' }),
  'Mutation.setEngagement': input({ startedAt: AT, buildCost: 'nothing', hourlyRate: 'nothing' }),
  'Mutation.signOut': input({ everywhere: false }),
  'Mutation.startRun': input({ workflow: 'no-such', input: {} }),
  'Mutation.startRuns': input({ workflow: 'no-such', items: [{ input: {} }] }),
  'Mutation.switchOrganization': input({ organizationId: NOBODY }),
  'Mutation.testCredential': input({ id: NOBODY }),
  'Mutation.updateOrganization': input({ name: '' }),
  'Mutation.verifyOtp': input({ challengeId: NOBODY, code: '000000' }),
  'Mutation.withdrawInvitation': input({ id: NOBODY }),

  'Subscription.reviewsChanged': { after: 'no cursor' },
  'Subscription.runsChanged': { after: 'no cursor' },
}

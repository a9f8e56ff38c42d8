import { describe, expect, it } from '@jest/globals'
import { sentenceOf, type Told } from './audit-sentence.ts'

const olga = { __typename: 'User', displayName: 'Olga Owner' } as const
const told = (action: string, more: Partial<Told> = {}): string =>
  sentenceOf({ action, outcome: 'ALLOWED', actor: olga, details: {}, ...more })

describe('an entry of the audit trail in words', () => {
  it.each<[string, string]>([
    [
      told('member.role_changed', { person: { displayName: 'Rita' }, details: { from: 'CLIENT_VIEWER', to: 'CLIENT_REVIEWER' } }),
      'Olga Owner changed Rita’s role to Reviewer.',
    ],
    [
      told('member.role_changed', { outcome: 'DENIED', person: { displayName: 'Rita' } }),
      'Olga Owner wanted to change Rita’s role and was refused.',
    ],
    [told('member.removed'), 'Olga Owner removed a member.'],
    [told('review.decided', { details: { decision: 'REJECT' } }), 'Olga Owner rejected a proposal.'],
    [
      told('workflow.published', { actor: null, details: { slug: 'support-triage', version: 2 } }),
      'Signalbox published support-triage, version 2.',
    ],
    [
      told('access.denied', { outcome: 'DENIED', details: { reason: 'scope', missing: 'org:admin', count: 1_200 } }),
      'Olga Owner was refused: they may not manage members, programs and connections (1,200 times).',
    ],
    [
      told('token.refused', { outcome: 'DENIED', actor: null, details: { reason: 'invalid' } }),
      'An access token that is not valid was refused.',
    ],
    [
      told('token.refused', {
        outcome: 'DENIED',
        actor: { __typename: 'ServiceClient', name: 'n8n' },
        details: { reason: 'revoked' },
      }),
      'n8n was refused: its access was revoked.',
    ],
    [
      told('access.denied', { outcome: 'DENIED', details: { reason: 'scope', missing: 'kpi:read, audit:read' } }),
      'Olga Owner was refused: they may not see what the automations are worth or read the audit trail.',
    ],
    [
      told('audit.forgotten', { actor: null, details: { entries: 1_200 } }),
      'Signalbox deleted 1,200 entries whose retention period was over.',
    ],
    [told('sign_in.failed', { outcome: 'FAILED', actor: null }), 'A sign-in failed: the code did not work.'],
    [told('rate.limited', { outcome: 'DENIED', actor: null }), 'Somebody asked too often and was turned away.'],
    [told('something.new', { outcome: 'FAILED' }), 'Olga Owner wanted to do “Something.new” and did not succeed.'],
  ])('%s', (sentence, expected) => expect(sentence).toBe(expected))
})

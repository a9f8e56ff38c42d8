import { describe, expect, it } from '@jest/globals'
import { sameRights } from './same-rights.ts'

const rights = { role: 'CLIENT_OWNER', scopes: ['wrm:read', 'kpi:read'], organization: { id: '1' } }

describe('the rights of a session', () => {
  it('are the same in any order of the scopes', () =>
    expect(sameRights(rights, { ...rights, scopes: ['kpi:read', 'wrm:read'] })).toBe(true))

  it.each([
    ['another role', { role: 'CLIENT_VIEWER' }],
    ['a scope less', { scopes: ['wrm:read'] }],
    ['another organisation', { organization: { id: '2' } }],
  ])('differ with %s', (_what, change) => expect(sameRights(rights, { ...rights, ...change })).toBe(false))
})

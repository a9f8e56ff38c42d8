import { describe, expect, it } from '@jest/globals'
import { reachableOrganizations, rightsIn, type HeldMembership } from './rights.ts'
import { Role, scopesOf } from './roles.ts'

const operator: HeldMembership = { organizationId: 'agency', role: Role.AGENCY_OPERATOR, clients: ['harbour', 'meadow'] }
const reviewer: HeldMembership = { organizationId: 'harbour', role: Role.CLIENT_REVIEWER, clients: [] }

describe('rights', () => {
  it('of a client’s member end at the client', () => {
    expect(rightsIn([reviewer], 'harbour')).toEqual({
      organizationId: 'harbour',
      organizationIds: ['harbour'],
      role: 'CLIENT_REVIEWER',
      scopes: ['wrm:read', 'hitl:decide', 'kb:read', 'kpi:read'],
    })
    expect(rightsIn([reviewer], 'agency')).toBeNull()
  })

  it('of an agency’s member hold in its clients, with the agency’s role', () => {
    expect(rightsIn([operator], 'meadow')).toMatchObject({
      organizationId: 'meadow',
      organizationIds: ['agency', 'harbour', 'meadow'],
      role: 'AGENCY_OPERATOR',
    })
  })

  it('held in a client itself come before those by way of its agency', () => {
    expect(rightsIn([operator, reviewer], 'harbour')).toMatchObject({ role: 'CLIENT_REVIEWER', organizationIds: ['harbour'] })
  })

  it('fall back to the oldest membership only when that is asked for', () => {
    expect(rightsIn([reviewer, operator], 'gone')).toBeNull()
    expect(rightsIn([reviewer, operator], 'gone', { orElse: true })).toMatchObject({ organizationId: 'harbour' })
    expect(rightsIn([], 'gone', { orElse: true })).toBeNull()
  })

  it('reach each organisation once', () => {
    expect(reachableOrganizations([reviewer, operator])).toEqual(['harbour', 'agency', 'meadow'])
  })

  it('of a role are as the design says', () => {
    expect(scopesOf(Role.AGENCY_ADMIN)).toHaveLength(10)
    expect(scopesOf(Role.AGENCY_OPERATOR)).not.toContain('org:admin')
    expect(scopesOf(Role.AGENCY_OPERATOR)).not.toContain('audit:read')
    expect(scopesOf(Role.CLIENT_OWNER)).not.toContain('workflow:publish')
    expect(scopesOf(Role.CLIENT_OWNER)).toHaveLength(9)
    expect(scopesOf(Role.CLIENT_VIEWER)).toEqual(['wrm:read', 'kpi:read'])
  })
})

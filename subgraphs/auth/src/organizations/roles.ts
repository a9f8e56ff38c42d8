import { SCOPES, type Scope } from '@signalbox/shared/scopes'
import { registerEnumType } from 'type-graphql'

export enum OrganizationKind {
  AGENCY = 'AGENCY',
  CLIENT = 'CLIENT',
}
registerEnumType(OrganizationKind, {
  name: 'OrganizationKind',
  description: 'An agency runs automations; a client has them run by one agency.',
})

export enum Role {
  AGENCY_ADMIN = 'AGENCY_ADMIN',
  AGENCY_OPERATOR = 'AGENCY_OPERATOR',
  CLIENT_OWNER = 'CLIENT_OWNER',
  CLIENT_REVIEWER = 'CLIENT_REVIEWER',
  CLIENT_VIEWER = 'CLIENT_VIEWER',
}
registerEnumType(Role, { name: 'Role', description: 'A bundle of scopes within one organisation.' })

const allBut = (...left: Scope[]): Scope[] => SCOPES.filter((scope) => !left.includes(scope))

const ROLE_SCOPES: Record<Role, readonly Scope[]> = {
  AGENCY_ADMIN: SCOPES,
  AGENCY_OPERATOR: allBut('org:admin', 'audit:read'),
  CLIENT_OWNER: allBut('workflow:publish'),
  CLIENT_REVIEWER: ['wrm:read', 'hitl:decide', 'kb:read', 'kpi:read'],
  CLIENT_VIEWER: ['wrm:read', 'kpi:read'],
}

/** For people: a name, and one sentence of what the role is for. */
export const ROLE_WORDS: Record<Role, { name: string; sentence: string }> = {
  AGENCY_ADMIN: {
    name: 'Agency administrator',
    sentence: 'Does everything in the agency and in each of its clients, members, programs and the audit trail included.',
  },
  AGENCY_OPERATOR: {
    name: 'Agency operator',
    sentence:
      'Runs and improves the automations of every client and decides what waits; cannot manage members or programs, nor read the audit trail.',
  },
  CLIENT_OWNER: {
    name: 'Owner',
    sentence:
      'Sees and decides everything here and manages members and programs; only the agency changes the automations themselves.',
  },
  CLIENT_REVIEWER: {
    name: 'Reviewer',
    sentence: 'Decides what waits for a person, with the runs, documents and results behind it in view.',
  },
  CLIENT_VIEWER: { name: 'Viewer', sentence: 'Sees runs and results, and changes nothing.' },
}

export const scopesOf = (role: Role): readonly Scope[] => ROLE_SCOPES[role]

/** The role of which an organisation keeps at least one. */
export const ownerRole = (kind: OrganizationKind): Role =>
  kind === OrganizationKind.AGENCY ? Role.AGENCY_ADMIN : Role.CLIENT_OWNER

/** `AGENCY_…` roles are held in agencies, `CLIENT_…` roles in clients. */
export const kindOf = (role: Role): OrganizationKind =>
  role.startsWith('AGENCY_') ? OrganizationKind.AGENCY : OrganizationKind.CLIENT

export const fits = (role: Role, kind: OrganizationKind): boolean => kindOf(role) === kind

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

export const scopesOf = (role: Role): readonly Scope[] => ROLE_SCOPES[role]

/** The role of which an organisation keeps at least one. */
export const ownerRole = (kind: OrganizationKind): Role =>
  kind === OrganizationKind.AGENCY ? Role.AGENCY_ADMIN : Role.CLIENT_OWNER

/** `AGENCY_…` roles are held in agencies, `CLIENT_…` roles in clients. */
export const fits = (role: Role, kind: OrganizationKind): boolean => role.startsWith(`${kind}_`)

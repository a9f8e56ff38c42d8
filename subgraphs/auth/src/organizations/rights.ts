import { scopesOf, type Role } from './roles.ts'

/** One membership of a person, as `auth.memberships_of` gives it. */
export interface HeldMembership {
  organizationId: string
  role: Role
  /** The clients of an agency; empty for a client. */
  clients: string[]
}

/** What somebody may do while acting in one organisation; the access token carries exactly this. */
export interface Rights {
  organizationId: string
  /** Readable organisations, the active one included. */
  organizationIds: string[]
  role: Role | null
  scopes: readonly string[]
}

/**
 * The rights of a person in an organisation: by a membership there or, in a client, by one in its agency, whose role then holds.
 * Without an organisation, or without rights in it, those of the oldest membership when `orElse` allows it.
 * @returns null when the person has no rights there
 */
export function rightsIn(held: HeldMembership[], organizationId?: string, { orElse = false } = {}): Rights | null {
  const membership =
    held.find((candidate) => candidate.organizationId === organizationId) ??
    held.find((candidate) => organizationId !== undefined && candidate.clients.includes(organizationId))
  if (membership === undefined) return orElse && held[0] ? rightsIn(held, held[0].organizationId) : null
  const { role, clients } = membership
  return {
    organizationId: organizationId!,
    organizationIds: [membership.organizationId, ...clients],
    role,
    scopes: scopesOf(role),
  }
}

/** Every organisation that a person can act in. */
export const reachableOrganizations = (held: HeldMembership[]): string[] => [
  ...new Set(held.flatMap((membership) => [membership.organizationId, ...membership.clients])),
]

import type { ReviewExpiryAction, ReviewHandoverKind, Role } from '../../gql/graphql.ts'
import { roleWords } from '../../ui/words.ts'

/** From the least to the most powerful. */
const roles: Role[] = ['CLIENT_VIEWER', 'CLIENT_REVIEWER', 'CLIENT_OWNER', 'AGENCY_OPERATOR', 'AGENCY_ADMIN']

/** Whether somebody of a role may be handed a decision that wants `wanted` or above. */
export function mayBeHanded(role: Role, wanted: string | null | undefined): boolean {
  const least = wanted ? roles.indexOf(wanted as Role) : roles.indexOf('CLIENT_REVIEWER')
  return least !== -1 && roles.indexOf(role) >= least
}

export const roleName = (role: string): string => (roles.includes(role as Role) ? roleWords(role as Role).toLowerCase() : role)

export const expiryWords: Record<ReviewExpiryAction, string> = {
  APPROVE: 'it goes on as proposed',
  REJECT: 'it counts as rejected',
  FAIL: 'the run fails',
}

export const handoverWords: Record<ReviewHandoverKind, (to: string) => string> = {
  ASSIGNED: (to) => `assigned it to ${to}`,
  CLAIMED: () => 'claimed it',
  RELEASED: () => 'released it',
  DELEGATED: (to) => `handed it to ${to}`,
  REMINDED: (to) => `reminded ${to}`,
  ESCALATED: (to) => `passed it on to ${to}, because nobody had decided`,
}

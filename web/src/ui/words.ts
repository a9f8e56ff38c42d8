import type { BaselineSource, ReviewAction, Role } from '../gql/graphql.ts'

const roles: Record<Role, string> = {
  AGENCY_ADMIN: 'Agency administrator',
  AGENCY_OPERATOR: 'Agency operator',
  CLIENT_OWNER: 'Owner',
  CLIENT_REVIEWER: 'Reviewer',
  CLIENT_VIEWER: 'Viewer',
}

export const roleWords = (role: Role | null | undefined): string => (role ? roles[role] : 'Service')

/** `card_payment_fee` and `stillWaiting` as words: `Card payment fee`, `Still waiting`. */
export function humanize(name: string): string {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .trim()
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const sources: Record<BaselineSource, string> = { MEASURED: 'measured', LOGGED: 'from logs', ESTIMATED: 'estimated' }
export const baselineSource = (source: BaselineSource): string => sources[source]

const actions: Record<ReviewAction, string> = { APPROVE: 'approved', EDIT: 'edited', RESPOND: 'answered', REJECT: 'rejected' }
export const decidedWords = (action: ReviewAction): string => actions[action]

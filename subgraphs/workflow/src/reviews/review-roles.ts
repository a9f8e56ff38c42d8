/** Each role may do what those before it may. Auth owns them (`subgraphs/auth/src/organizations/roles.ts`). */
const RANKS: [role: string, words: string][] = [
  ['CLIENT_VIEWER', 'viewer'],
  ['CLIENT_REVIEWER', 'reviewer'],
  ['CLIENT_OWNER', 'owner'],
  ['AGENCY_OPERATOR', 'agency operator'],
  ['AGENCY_ADMIN', 'agency administrator'],
]

const rankOf = (role: string | null) => RANKS.findIndex(([name]) => name === role)

/** Whether a role is the wanted one or above; an unknown one is above nothing. */
export const reaches = (role: string | null, wanted: string): boolean => rankOf(wanted) !== -1 && rankOf(role) >= rankOf(wanted)

/** `owner`; the name itself when it is none of ours. */
export const roleWords = (role: string): string => RANKS[rankOf(role)]?.[1] ?? role

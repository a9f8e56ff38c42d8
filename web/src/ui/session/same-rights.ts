import type { SessionRights } from './refresh-session.ts'

/** Whether two looks at a session found the same role, scopes and organisation. */
export const sameRights = (one: SessionRights, other: SessionRights): boolean =>
  one.organization.id === other.organization.id &&
  (one.role ?? null) === (other.role ?? null) &&
  [...one.scopes].sort().join() === [...other.scopes].sort().join()

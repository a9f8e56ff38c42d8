import { ForbiddenError } from '@signalbox/shared/errors'
import { requireViewer } from '@signalbox/shared/scopes'
import type { Viewer } from '@signalbox/shared/viewer'
import { decodeJwt } from 'jose'
import { DASHBOARD } from './access-tokens.ts'

/** Whether a person calls through the dashboard's own session, and not through an application that the person has signed in to. */
export const isInDashboard = ({ actorKind, token }: Viewer): boolean =>
  actorKind === 'USER' && decodeJwt(token)['client_id'] === DASHBOARD

/**
 * For how a person signs in and where: no consent to an application covers that, whatever its scopes, or each could make the account its own.
 * @param ofProgram what a service client is told
 * @throws {UnauthenticatedError} @throws {ForbiddenError}
 */
export function requireSignedInPerson(caller: Viewer | null, ofProgram: string): Viewer {
  const viewer = requireViewer(caller)
  if (viewer.actorKind !== 'USER') throw new ForbiddenError(ofProgram)
  if (!isInDashboard(viewer)) throw new ForbiddenError(NOT_BY_APPLICATION)
  return viewer
}

const NOT_BY_APPLICATION = 'An application cannot do this for a person. Sign in to the dashboard yourself.'

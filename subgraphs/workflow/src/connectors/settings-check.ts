import type { FieldFault } from '@signalbox/shared/errors'
import { EgressRefusedError, type EgressPolicy } from '@signalbox/shared/egress'
import { checkHeaders } from '@signalbox/shared/egress/headers'
import { checkTarget, parseTarget } from '@signalbox/shared/egress/policy'

/** Settings are shown to administrators as they are: a header with a secret belongs into an account. */
const SECRET_HEADER = /authorization|cookie|token|secret|password|api[-_]?key|credential|session|signature/i

/** What is wrong with an address, if anything. */
export function addressFault(text: string, path: string, policy: EgressPolicy): FieldFault | undefined {
  try {
    if (text.length > 2_000) throw new EgressRefusedError('URL_MALFORMED', 'The address must have at most 2,000 characters.')
    checkTarget(policy, parseTarget(text))
    return undefined
  } catch (error) {
    if (!(error instanceof EgressRefusedError)) throw error
    return { path, message: error.message }
  }
}

export function headerFault(name: string, value: string, path: string): FieldFault | undefined {
  if (SECRET_HEADER.test(name))
    return { path, message: 'must hold no secret: save an account for it under Settings, Connections, and choose it here' }
  try {
    checkHeaders({ [name]: value })
    return undefined
  } catch {
    return { path, message: `"${name}" is not a header that may be set` }
  }
}

/** The host of an address that was checked; null while it is none. */
export const hostOf = (url: string): string | null => (URL.canParse(url) ? new URL(url).hostname : null)

import { INVALID_TOKEN } from '@signalbox/shared/viewer'
import type { EdgeObserver, Refusal } from '../edge/observer.ts'
import type { Denials } from './denials.ts'

/** What the edge refuses becomes entries of the audit trail. Nobody's request for what needs a token is none: every visit begins so. */
export function edgeAudit(denials: Denials): EdgeObserver {
  return {
    onDenied(refusal) {
      const codes = refusal.errors.map(({ extensions }) => extensions['code'])
      if (refusal.errors.some(({ message }) => message === INVALID_TOKEN)) {
        denials.note({ ...from(refusal), action: 'token.refused', reason: refusal.viewer === null ? 'invalid' : 'revoked' })
      } else if (codes.includes('FORBIDDEN')) {
        const scopes = new Set(refusal.errors.flatMap(({ message }) => SCOPE.exec(message)?.[1] ?? []))
        const details: Record<string, string> = scopes.size === 0 ? {} : { missing: [...scopes].join(', ') }
        denials.note({
          ...from(refusal),
          action: 'access.denied',
          reason: scopes.size > 0 ? 'scope' : refusal.viewer === null ? 'page' : 'rule',
          details,
        })
      }
    },
    onLimited({ limit, ...refusal }) {
      denials.note({ ...from(refusal), action: 'rate.limited', reason: limit })
    },
  }
}

/** `runs needs the scope wrm:read.`, `This needs the scope wrm:read.` */
const SCOPE = /\bneeds the scope ([\w:, ]+)\.$/

const from = ({ requestId, address, viewer, operation }: Refusal) => ({ requestId, address, viewer, operation })

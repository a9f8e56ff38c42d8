import type { Figure } from '../figures.ts'
import { percentile } from '../list-latency.ts'
import type { CodeTiming } from './code-timing.ts'
import { RATE, type Rotated } from './rotation.ts'
import type { CredentialCost } from './service-credential-cost.ts'
import type { VerificationCost } from './token-verification.ts'
import type { Interleaved } from './two-tenants.ts'

export interface AuthMeasured {
  interleaved: Interleaved
  verification: VerificationCost
  signing: Rotated
  encryption: Rotated
  codes: CodeTiming
  credential: CredentialCost
}

const ms = (value: number, digits: number) => `${value.toFixed(digits)} ms`

/** The figures of "Identity, tenancy and access", in the order in which they are wanted. */
export function authFigures({ interleaved, verification, signing, encryption, codes, credential }: AuthMeasured): Figure[] {
  const [repeated, first] = [verification.repeated, verification.first].map((sorted) => percentile({ sorted }, 0.5)) as [
    number,
    number,
  ]
  const apart = Math.abs(codes.known - codes.unknown)
  return [
    {
      name: `answers with another tenant's data, of ${interleaved.requests}`,
      value: String(interleaved.foreign),
      target: '0',
      met: interleaved.foreign === 0,
    },
    {
      name: 'answers with an error, or without their own data',
      value: String(interleaved.failed),
      target: '0',
      met: interleaved.failed === 0,
    },
    { name: 'verifying a token again, p50', value: ms(repeated, 4), target: '≤ 0.02 ms', met: repeated <= 0.02 },
    { name: 'verifying a token for the first time, p50', value: ms(first, 3), target: '≤ 0.3 ms', met: first <= 0.3 },
    ...rotationFigures('signing key', signing),
    ...rotationFigures('encryption key', encryption),
    { name: 'a code for a known or an unknown address, p50 apart', value: ms(apart, 2), target: '< 5 ms', met: apart < 5 },
    { name: 'what else tells such addresses apart', value: String(codes.telling), target: '0', met: codes.telling === 0 },
    { name: 'a code for a known address, p50', value: ms(codes.known, 1) },
    { name: 'a code for an unknown address, p50', value: ms(codes.unknown, 1) },
    { name: 'codes asked for', value: String(codes.asked) },
    { name: 'interleaved requests a second', value: interleaved.perSecond.toFixed(0) },
    { name: 'a call of a subgraph, signed, p50', value: ms(credential.signed, 3) },
    { name: 'a call of a subgraph, unsigned, p50', value: ms(credential.unsigned, 3) },
  ]
}

function rotationFigures(what: string, { requests, failed, reason }: Rotated): Figure[] {
  const value = reason === undefined ? String(failed) : `${failed}: ${reason}`
  return [
    {
      name: `rotation of the ${what}, failures in ${requests} at ${RATE} a second`,
      value,
      target: '0',
      met: failed === 0 && requests > 0,
    },
  ]
}

import { expect, it } from '@jest/globals'
import { authFigures, type AuthMeasured } from './auth-figures.ts'

const measured: AuthMeasured = {
  interleaved: { requests: 10_000, foreign: 0, failed: 0, perSecond: 400 },
  verification: { first: [0.1, 0.3, 0.9], repeated: [0.001, 0.02, 0.5] },
  signing: { requests: 400, failed: 0, reason: undefined },
  encryption: { requests: 400, failed: 0, reason: undefined },
  codes: { known: 20, unknown: 24.9, asked: 200, telling: 0 },
  credential: { signed: 1.2, unsigned: 1 },
}
const unmet = (more: Partial<AuthMeasured>) =>
  authFigures({ ...measured, ...more }).flatMap(({ name, met }) => (met === false ? [name] : []))

it('holds each figure against its target', () => {
  expect(unmet({})).toEqual([])
  expect(unmet({ interleaved: { ...measured.interleaved, foreign: 1, failed: 1 } })).toHaveLength(2)
  expect(unmet({ verification: { first: [0.301], repeated: [0.021] } })).toEqual([
    'verifying a token again, p50',
    'verifying a token for the first time, p50',
  ])
  expect(unmet({ signing: { requests: 400, failed: 1, reason: '401' } })).toEqual([
    'rotation of the signing key, failures in 400 at 50 a second',
  ])
  expect(unmet({ encryption: { requests: 0, failed: 0, reason: undefined } })).toHaveLength(1)
  expect(unmet({ codes: { ...measured.codes, unknown: 15, telling: 1 } })).toEqual([
    'a code for a known or an unknown address, p50 apart',
    'what else tells such addresses apart',
  ])
})

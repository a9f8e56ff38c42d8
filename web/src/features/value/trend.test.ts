import { expect, it } from '@jest/globals'
import { cut } from './trend.ts'

it('cuts a range into pieces without a gap', () =>
  expect(cut({ from: '2026-11-01T00:00:00.000Z', to: '2026-11-03T00:00:00.000Z' }, 2)).toEqual([
    { from: '2026-11-01T00:00:00.000Z', to: '2026-11-02T00:00:00.000Z' },
    { from: '2026-11-02T00:00:00.000Z', to: '2026-11-03T00:00:00.000Z' },
  ]))

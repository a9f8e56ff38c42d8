import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { createLogger } from '@signalbox/shared/logger'
import { Denials, type Denial, type DeniedEntry, type DenialsOptions } from './denials.ts'

const viewer = (actorId: string) => ({ actorId, actorKind: 'USER' as const, organizationId: 'o1', scopes: new Set(['wrm:read']) })
const denial = (over: Partial<Denial> = {}): Denial => ({
  action: 'access.denied',
  reason: 'scope',
  viewer: viewer('u1'),
  requestId: 'request-1',
  operation: 'Members',
  address: '203.0.113.77',
  ...over,
})

describe('refusals on their way to the audit trail', () => {
  const sent: DeniedEntry[][] = []
  const lines: Record<string, unknown>[] = []
  let denials: Denials
  const open = (over: Partial<DenialsOptions> = {}) => {
    const log = createLogger('gateway', 'info', { write: (line) => void lines.push(JSON.parse(line)) })
    const send = async (entries: DeniedEntry[]) => (sent.push(entries), 'taken' as const)
    denials = new Denials({ send, log, flushMs: 3_600_000, ...over })
    return denials
  }
  afterEach(async () => {
    jest.useRealTimers()
    await denials[Symbol.asyncDispose]()
    sent.length = 0
    lines.length = 0
  })

  it('are told with the request, the caller, what was asked for, and the network only', async () => {
    open().note(denial({ details: { missing: 'org:admin' } }))
    await denials.flush()
    expect(sent).toEqual([
      [
        {
          organizationId: 'o1',
          record: {
            action: 'access.denied',
            outcome: 'DENIED',
            actor: { kind: 'USER', id: 'u1' },
            scopes: ['wrm:read'],
            requestId: 'request-1',
            operation: 'Members',
            source: '203.0.113.0/24',
            details: { reason: 'scope', missing: 'org:admin' },
          },
        },
      ],
    ])
  })

  it('of one caller, alike, are one entry with their count', async () => {
    open()
    for (let index = 0; index < 500; index += 1) denials.note(denial({ requestId: `request-${index}` }))
    denials.note(denial({ viewer: viewer('u2') }))
    denials.note(denial({ operation: 'Other' }))
    await denials.flush()
    expect(sent[0]!.map(({ record }) => [record.requestId, record.details!['count']])).toEqual([
      ['request-0', 500],
      ['request-1', undefined],
      ['request-1', undefined],
    ])
  })

  it('that go on are told every ten seconds, and lose nothing of their count', async () => {
    jest.useFakeTimers({ now: 1_000_000, doNotFake: ['nextTick', 'setImmediate'] })
    open()
    const second = async () => {
      for (let index = 0; index < 100; index += 1) denials.note(denial())
      jest.advanceTimersByTime(1_000)
      await denials.flush()
    }
    for (let index = 0; index < 31; index += 1) await second()
    await denials.flush(true)
    const counts = sent.flat().map(({ record }) => record.details!['count'] as number)
    expect(counts.length).toBeLessThanOrEqual(5)
    expect(counts.reduce((sum, count) => sum + count)).toBe(3_100)
  })

  it('under names that a caller makes up fill neither trail nor memory', async () => {
    open()
    for (let index = 0; index < 500; index += 1) denials.note(denial({ operation: `Made${index}Up` }))
    denials.note(denial({ operation: 'Made0Up' }))
    denials.note(denial({ viewer: viewer('u2'), operation: 'a'.repeat(200) }))
    denials.note(denial({ viewer: viewer('u2'), operation: 'a'.repeat(100_000) }))
    await denials.flush()
    const entries = sent.flat().map(({ record: { actor, operation, details } }) => [actor!.id, operation, details!['count']])
    expect(entries.length).toBe(22)
    expect(entries[0]).toEqual(['u1', 'Made0Up', 2])
    expect(entries.slice(20)).toEqual([
      ['u1', null, 480],
      ['u2', 'a'.repeat(200), 2],
    ])
  })

  it('of more callers than can be told apart are counted together', async () => {
    open()
    for (let index = 0; index < 5_000; index += 1)
      denials.note(denial({ viewer: null, address: `2001:db8:${index.toString(16)}::1`, action: 'token.refused' }))
    await denials.flush()
    const entries = sent.flat()
    expect(entries.length).toBe(1_001)
    expect(entries.find(({ record }) => record.details!['reason'] === 'various')!.record).toMatchObject({
      actor: null,
      source: null,
      details: { count: 4_000 },
    })
    expect(Math.max(...sent.map((parcel) => parcel.length))).toBe(100)
  })

  it('wait for a telemetry that is away, without growing, and are told when it is back', async () => {
    jest.useFakeTimers({ now: 1_000_000, doNotFake: ['nextTick', 'setImmediate'] })
    let away = true
    open({
      send: async (entries) => {
        if (away) throw new Error('connect ECONNREFUSED')
        sent.push(entries)
        return 'taken'
      },
    })
    for (let index = 0; index < 60; index += 1) {
      denials.note(denial())
      jest.advanceTimersByTime(1_000)
      await denials.flush()
    }
    expect(lines.map(({ msg }) => msg)).toEqual(['refusals cannot be told to the audit trail; trying again'])
    away = false
    jest.advanceTimersByTime(30_000)
    await denials.flush()
    expect(sent.flat().map(({ record }) => record.details!['count'])).toEqual([60])
  })

  it('are counted in the log when they are lost', async () => {
    open({ send: () => Promise.reject(new Error('gone')) })
    denials.note(denial())
    denials.note(denial())
    await denials[Symbol.asyncDispose]()
    expect(lines.at(-1)).toMatchObject({ dropped: 2, msg: 'refusals could not be told to the audit trail' })
  })

  it('are not sent again when telemetry cannot use them', async () => {
    let times = 0
    open({ send: async () => ((times += 1), 'refused') })
    denials.note(denial())
    await denials.flush()
    await denials.flush(true)
    expect(times).toBe(1)
    expect(lines.at(-1)).toMatchObject({ level: 50, dropped: 1 })
  })
})

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { CHAIN_START, hashOf, type ChainedEntry } from '@signalbox/shared/audit-chain'
import { exportAudit } from './audit.command.ts'
import { Platform } from './testkit/platform.ts'
import { sessionWith } from './testkit/session.ts'

const ORGANIZATION = '0190a000-0000-7000-8000-000000000001'

/** A chain of so many entries as the API shows it. */
function chain(length: number) {
  const nodes: Record<string, unknown>[] = []
  let previousHash = CHAIN_START
  for (let sequence = 1; sequence <= length; sequence += 1) {
    const entry: ChainedEntry = {
      organization: ORGANIZATION,
      sequence,
      at: new Date(Date.UTC(2026, 0, 1, 0, 0, sequence)).toISOString(),
      action: 'review.decided',
      outcome: 'ALLOWED',
      actor: { kind: 'USER', id: 'u1' },
      scopes: ['hitl:decide'],
      target: { type: 'Review', id: `r"${sequence}` },
      details: { n: sequence },
      requestId: '=cmd()',
      operation: null,
      source: null,
      previousHash,
    }
    previousHash = hashOf(entry)
    const { organization, actor, ...rest } = entry
    nodes.push({ ...rest, organization: { id: organization }, actorKind: actor!.kind, actorId: actor!.id, hash: previousHash })
  }
  return nodes
}

describe('exporting the audit trail', () => {
  let platform: Platform
  beforeEach(async () => void (platform = await Platform.start()))
  afterEach(() => platform[Symbol.asyncDispose]())

  const exported = async (options: Partial<Parameters<typeof exportAudit>[1]> = {}) => {
    const lines: string[] = []
    const summary = await exportAudit(sessionWith(platform), { format: 'jsonl', ...options }, (line) => lines.push(line))
    return { lines, ...summary }
  }

  it('writes every entry as one line that anybody can verify, page after page', async () => {
    platform.auditTrail = chain(450)
    const { lines, entries, fault } = await exported()
    expect([entries, fault, lines.length]).toEqual([450, null, 450])
    let previous = CHAIN_START
    for (const line of lines) {
      const { hash, ...entry } = JSON.parse(line) as ChainedEntry & { hash: string }
      expect(entry.previousHash).toBe(previous)
      expect(hashOf(entry)).toBe(hash)
      previous = hash
    }
  })

  it('stops at an entry that was changed, at a gap and at a missing end, and says so', async () => {
    platform.auditTrail = chain(5)
    platform.auditTrail[2]!['outcome'] = 'DENIED'
    expect(await exported()).toMatchObject({
      entries: 2,
      fault: 'The chain is broken: entry 3 was changed after it was written.',
    })
    platform.auditTrail = chain(5).toSpliced(1, 1)
    expect(await exported()).toMatchObject({ entries: 1, fault: 'The chain is broken: entry 2 is missing.' })
    platform.auditTrail = chain(5).slice(0, 3)
    platform.auditHead = { entries: 5, head: 'x' }
    expect(await exported()).toMatchObject({ entries: 3, fault: 'The chain is broken: entries 4 to 5 are missing.' })
  })

  it('begins within the chain when it is asked to', async () => {
    platform.auditTrail = chain(5).slice(2)
    expect(await exported({ from: '2026-01-01T00:00:03.000Z', to: '2027-01-01T00:00:00.000Z' })).toMatchObject({
      entries: 3,
      fault: null,
    })
    expect(platform.requests.at(-1)).toContain('"from":"2026-01-01T00:00:03.000Z"')
  })

  it('writes CSV that a spreadsheet does not run', async () => {
    platform.auditTrail = chain(1)
    const { lines } = await exported({ format: 'csv' })
    expect(lines[0]).toMatch(/^sequence,at,action,outcome,/)
    expect(lines[1]).toMatch(
      /^1,2026-01-01T00:00:01.000Z,review.decided,ALLOWED,USER,u1,Review,"r""1",,'=cmd\(\),,hitl:decide,"\{""n"":1\}",0{64},/,
    )
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { hashOf, type ChainedEntry } from '@signalbox/shared/audit-chain'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { openBench, viewerOf, type TelemetryBench } from '../testing/telemetry-bench.ts'

const ENTRIES = `query ($filter: AuditFilter, $orderBy: AuditOrder, $first: Int, $after: String) {
  auditEvents(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { sequence at action outcome actorKind actorId actor { __typename ... on User { id } } person { id } scopes target { type id }
      details requestId operation source organization { id } previousHash hash }
  }
}`
const INTEGRITY = '{ auditIntegrity { ok checked entries head firstBroken fault } }'

interface Entry extends Record<string, unknown> {
  sequence: number
  action: string
  hash: string
  previousHash: string
}
interface Entries {
  auditEvents: { totalCount: number; pageInfo: { hasNextPage: boolean; endCursor: string }; nodes: Entry[] }
}
interface Integrity {
  auditIntegrity: {
    ok: boolean
    checked: number
    entries: number
    head: string
    firstBroken: number | null
    fault: string | null
  }
}

describe('the audit trail', () => {
  let bench: TelemetryBench
  let organizationId: string
  beforeAll(async () => void (bench = await openBench()))
  afterAll(() => bench.close())
  beforeEach(() => void (organizationId = randomUUID()))

  const list = async (variables: Record<string, unknown> = {}, viewer = viewerOf(organizationId)) =>
    (await bench.ask<Entries>(viewer, ENTRIES, variables)).data!.auditEvents
  const verify = async () => (await bench.ask<Integrity>(viewerOf(organizationId), INTEGRITY)).data!.auditIntegrity
  const actor = { kind: 'USER', id: '0190a000-0000-7000-8000-0000000000a1' }
  const five = async () => {
    for (const id of ['1', '2', '3', '4', '5'])
      await bench.record(organizationId, {
        action: 'review.decided',
        actor,
        target: { type: 'Review', id },
        details: { n: Number(id) },
      })
    await bench.consumer.drain()
  }
  /** With every right there is, as an intruder in the database would: triggers off, policies passed by. */
  const tamper = async (...statements: string[]) => {
    await bench.superuser.query('alter table telemetry.audit_event disable trigger all')
    for (const statement of statements) await bench.superuser.query(statement, [organizationId])
    await bench.superuser.query('alter table telemetry.audit_event enable trigger all')
  }

  it('keeps what was recorded, newest first, with its actor, its request and what it was done to', async () => {
    const userId = randomUUID()
    await bench.record(organizationId, { action: 'sign_in.failed', outcome: 'FAILED' })
    await bench.record(organizationId, {
      action: 'member.role_changed',
      actor,
      scopes: ['org:admin'],
      target: { type: 'Membership', id: 'm1' },
      details: { userId, role: 'CLIENT_REVIEWER' },
    })
    await bench.consumer.drain()
    const { nodes, totalCount } = await list()
    expect(totalCount).toBe(2)
    expect(nodes[0]).toMatchObject({
      sequence: 2,
      action: 'member.role_changed',
      outcome: 'ALLOWED',
      actor: { __typename: 'User', id: actor.id },
      person: { id: userId },
      scopes: ['org:admin'],
      target: { type: 'Membership', id: 'm1' },
      requestId: 'request-1',
      operation: 'Test',
      source: '203.0.113.0/24',
      organization: { id: organizationId },
    })
    expect(nodes[1]).toMatchObject({ sequence: 1, outcome: 'FAILED', actor: null, person: null })
  })

  it('lets anybody compute the hashes again from what the API shows', async () => {
    await five()
    const { nodes } = await list({ orderBy: 'OLDEST_FIRST' })
    expect(nodes).toHaveLength(5)
    let previous = '0'.repeat(64)
    for (const { hash, actorKind, actorId, actor: _a, person: _p, ...node } of nodes) {
      const entry = { ...node, organization: organizationId, actor: { kind: actorKind, id: actorId } } as unknown as ChainedEntry
      entry.at = new Date(entry.at).toISOString()
      expect(entry.previousHash).toBe(previous)
      expect(hashOf({ ...entry })).toBe(hash)
      previous = hash
    }
    expect(await verify()).toEqual({ ok: true, checked: 5, entries: 5, head: previous, firstBroken: null, fault: null })
  })

  it('filters, searches and pages', async () => {
    await five()
    await bench.record(organizationId, {
      action: 'access.denied',
      outcome: 'DENIED',
      requestId: 'abc_100%',
      actor: { kind: 'USER', id: 'x' },
    })
    await bench.consumer.drain()
    const sequences = async (filter: object) => (await list({ filter })).nodes.map(({ sequence }) => sequence)
    expect(await sequences({ outcome: 'DENIED' })).toEqual([6])
    expect(await sequences({ action: ['access.denied', 'run.cancelled'] })).toEqual([6])
    expect(await sequences({ actorId: actor.id, search: 'review' })).toEqual([5, 4, 3, 2, 1])
    expect(await sequences({ search: '_100%' })).toEqual([6])
    expect(await sequences({ search: 'b_c' })).toEqual([])
    expect(await sequences({ to: '2001-01-01T00:00:00Z' })).toEqual([])
    const page = await list({ first: 4 })
    expect(page.nodes.map(({ sequence }) => sequence)).toEqual([6, 5, 4, 3])
    const rest = await list({ first: 4, after: page.pageInfo.endCursor })
    expect([rest.nodes.map(({ sequence }) => sequence), rest.pageInfo.hasNextPage]).toEqual([[2, 1], false])
    const ask = (variables: object) => bench.ask(viewerOf(organizationId), ENTRIES, variables as Record<string, unknown>)
    expect((await ask({ filter: { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' } })).code).toBe('BAD_USER_INPUT')
    expect((await ask({ after: 'bm8' })).code).toBe('BAD_USER_INPUT')
  })

  it('is for holders of audit:read, of their own organisation, and of an agency’s clients', async () => {
    await five()
    const [agency, stranger] = [randomUUID(), randomUUID()]
    expect((await bench.ask(viewerOf(organizationId, [organizationId], ['wrm:read']), ENTRIES)).code).toBe('FORBIDDEN')
    expect((await bench.ask(null, INTEGRITY)).code).toBe('UNAUTHENTICATED')
    expect((await list({}, viewerOf(stranger))).totalCount).toBe(0)
    expect((await list({}, viewerOf(agency, [agency, organizationId]))).totalCount).toBe(5)
    expect(
      (await list({ filter: { organization: organizationId } }, viewerOf(agency, [agency, organizationId]))).totalCount,
    ).toBe(5)
    expect((await bench.ask(viewerOf(stranger), ENTRIES, { filter: { organization: organizationId } })).code).toBe('NOT_FOUND')
  })

  it.each(['telemetry_app', 'telemetry_consumer', 'auth_app', 'workflow_app'])(
    'lets %s change or remove nothing',
    async (role) => {
      const client = new pg.Client({ connectionString: bench.database.url(role) })
      await client.connect()
      for (const statement of [
        'update telemetry.audit_event set action = action',
        'delete from telemetry.audit_event',
        'truncate telemetry.audit_event',
      ]) {
        await expect(client.query(statement)).rejects.toThrow(/permission denied/)
      }
      await expect(client.query("select telemetry.forget_audit('2000-01-01')")).rejects.toThrow(/permission denied/)
      await expect(client.query('update events.audit_head set sequence = 0')).rejects.toThrow(/permission denied/)
      await client.end()
    },
  )

  it('lets not even its owner change or remove anything', async () => {
    await five()
    const owner = new pg.Client({ connectionString: bench.database.url('telemetry_owner') })
    await owner.connect()
    for (const statement of [
      'update telemetry.audit_event set action = action',
      'delete from telemetry.audit_event',
      'truncate telemetry.audit_event',
    ]) {
      await expect(owner.query(statement)).rejects.toThrow(/append-only/)
    }
    await expect(owner.query('delete from events.audit_head')).rejects.toThrow(/permission denied/)
    await owner.end()
    expect(await verify()).toMatchObject({ ok: true, checked: 5 })
  })

  describe('finds out when somebody with all rights', () => {
    const where = 'where organization_id = $1'
    it.each<[what: string, firstBroken: number, fault: string | RegExp, statements: string[]]>([
      [
        'changes an entry',
        3,
        'entry 3 was changed after it was written',
        [`update telemetry.audit_event set outcome = 'DENIED' ${where} and sequence = 3`],
      ],
      [
        'changes a detail',
        2,
        'entry 2 was changed after it was written',
        [`update telemetry.audit_event set details = '{"n": 9}' ${where} and sequence = 2`],
      ],
      [
        'moves an entry in time',
        4,
        'entry 4 was changed after it was written',
        [`update telemetry.audit_event set at = at - interval '1 hour' ${where} and sequence = 4`],
      ],
      ['removes an entry', 2, 'entry 2 is missing', [`delete from telemetry.audit_event ${where} and sequence = 2`]],
      [
        'removes an entry and closes the gap',
        2,
        'entry 2 does not follow the one before it',
        [
          `delete from telemetry.audit_event ${where} and sequence = 2`,
          ...[3, 4, 5].map((n) => `update telemetry.audit_event set sequence = ${n - 1} ${where} and sequence = ${n}`),
        ],
      ],
      ['removes the last ones', 4, 'entries 4 to 5 are missing', [`delete from telemetry.audit_event ${where} and sequence > 3`]],
      ['removes all of them', 1, 'entries 1 to 5 are missing', [`delete from telemetry.audit_event ${where}`]],
      [
        'swaps two',
        2,
        /entry 2 does not follow/,
        [
          `update telemetry.audit_event set sequence = 99 ${where} and sequence = 2`,
          `update telemetry.audit_event set sequence = 2 ${where} and sequence = 4`,
          `update telemetry.audit_event set sequence = 4 ${where} and sequence = 99`,
        ],
      ],
    ])('%s', async (_what, firstBroken, fault, statements) => {
      await five()
      expect(await verify()).toMatchObject({ ok: true, checked: 5 })
      await tamper(...statements)
      const found = await verify()
      expect(found).toMatchObject({ ok: false, firstBroken, checked: firstBroken - 1 })
      expect(found.fault).toMatch(fault)
    })

    it('writes the last entry anew with a hash that fits', async () => {
      await five()
      const { nodes } = await list({ first: 1 })
      const { actorKind, actorId, actor: _a, person: _p, hash: _h, ...node } = nodes[0]!
      const forged = {
        ...node,
        organization: organizationId,
        actor: { kind: actorKind, id: actorId },
        outcome: 'DENIED',
      } as unknown as ChainedEntry
      forged.at = new Date(forged.at).toISOString()
      await tamper(`update telemetry.audit_event set outcome = 'DENIED', hash = '${hashOf(forged)}' ${where} and sequence = 5`)
      expect(await verify()).toMatchObject({ ok: false, fault: 'entry 5 is not the one that the head of the chain names' })
    })
  })

  it('forgets old entries on its owner’s word only, and is verified from where it begins then', async () => {
    await five()
    await tamper(`update telemetry.audit_event set at = at - interval '2 years' where organization_id = $1 and sequence <= 3`)
    const owner = new pg.Client({ connectionString: bench.database.url('telemetry_owner') })
    await owner.connect()
    await expect(owner.query("select telemetry.forget_audit(now() - interval '1 day')")).rejects.toThrow(/a year at least/)
    const { rows } = await owner.query("select telemetry.forget_audit(now() - interval '1 year')::int as gone")
    await expect(owner.query('delete from telemetry.audit_event')).rejects.toThrow(/append-only/)
    await owner.end()
    expect(rows).toEqual([{ gone: 3 }])
    await bench.consumer.drain()
    expect(await verify()).toMatchObject({ ok: true, checked: 3, entries: 6 })
    const { nodes } = await list()
    expect(nodes.map(({ sequence, action }) => [sequence, action])).toEqual([
      [6, 'audit.forgotten'],
      [5, 'review.decided'],
      [4, 'review.decided'],
    ])
  })

  it('applies an entry once, also when the consumer dies before it commits', async () => {
    await five()
    await bench.record(organizationId, { action: 'run.cancelled' })
    await bench.superuser.query(
      "create function public.fail() returns trigger language plpgsql as $$ begin raise sqlstate '57014'; end $$",
    )
    await bench.superuser.query(
      'create trigger fail before update on telemetry.consumer for each row execute function public.fail()',
    )
    await expect(bench.consumer.drain()).rejects.toThrow()
    await bench.superuser.query('drop trigger fail on telemetry.consumer')
    await bench.consumer.drain()
    await bench.consumer.drain()
    expect(await verify()).toMatchObject({ ok: true, checked: 6, entries: 6 })
  })
})

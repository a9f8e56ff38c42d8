import { beforeAll, describe, expect, it } from '@jest/globals'
import { eventually, Session, signIn, system } from './testkit/session.ts'

const TRAIL = `query ($filter: AuditFilter!, $first: Int!) { auditEvents(filter: $filter, first: $first) {
  nodes { sequence action outcome actorKind actorId scopes requestId operation source details target { type id } organization { id } } } }`
const ALERTS = '{ alerts(filter: { open: true }, first: 50) { nodes { id } } }'
const FOLLOW = 'subscription { alertRaised { id rule actor { ... on User { id } } } }'
const MEMBERS = '{ viewer { organization { members(first: 50) { nodes { id role } } } } }'
const CHANGE = 'mutation Promote($input: ChangeMemberRoleInput!) { changeMemberRole(input: $input) { membership { role } } }'
const DENIED = 'query Snoop { alerts(first: 1) { totalCount } }'

interface Entry {
  action: string
  outcome: string
  requestId: string
  [field: string]: unknown
}

/** What happens is told by the trail, whoever did it and wherever it was refused; what is unusual raises an alert. */
describe('the audit trail', () => {
  let owner: Session
  let viewer: Session
  beforeAll(async () => {
    owner = await signIn('owner@harbour.example')
    viewer = await signIn('viewer@harbour.example')
  })

  const entriesOf = async (action: string, from: string): Promise<Entry[]> =>
    (await owner.expect(TRAIL, { filter: { action: [action], from }, first: 20 })).auditEvents.nodes
  const now = () => new Date().toISOString()

  const idOf = async (session: Session): Promise<string> =>
    (await session.expect('{ viewer { actor { ... on User { id } } } }')).viewer.actor.id

  it('tells of an act and of the request that it was, with who, by what right and where', async () => {
    const { members } = (await owner.expect(MEMBERS)).viewer.organization
    const { id: membershipId } = members.nodes.find(({ role }: { role: string }) => role === 'CLIENT_REVIEWER')
    const input = { membershipId, role: 'CLIENT_VIEWER' }
    const start = now()
    await owner.expect(CHANGE, { input })
    await owner.expect(CHANGE, { input: { ...input, role: 'CLIENT_REVIEWER' } })
    const [back, there] = await eventually(async () => {
      const changes = await entriesOf('member.role_changed', start)
      expect(changes).toHaveLength(2)
      return changes
    })
    expect(there).toMatchObject({
      outcome: 'ALLOWED',
      actorKind: 'USER',
      actorId: await idOf(owner),
      scopes: expect.arrayContaining(['org:admin']),
      operation: 'Promote',
      source: '127.0.0.0/24',
      details: expect.objectContaining({ to: 'CLIENT_VIEWER' }),
      requestId: expect.stringMatching(/./),
    })
    expect(back!.requestId).not.toBe(there!.requestId)
    expect(JSON.stringify([back, there])).not.toContain('@')
  })

  it('tells of a wrong code without saying whose address it was', async () => {
    const stranger = new Session(system.url)
    const start = now()
    const { requestOtp } = await stranger.expect(
      'mutation { requestOtp(input: { channel: EMAIL, address: "reviewer@harbour.example" }) { challengeId } }',
    )
    await stranger.graphql('mutation ($input: VerifyOtpInput!) { verifyOtp(input: $input) { viewer { role } } }', {
      input: { challengeId: requestOtp.challengeId, code: 'no code' },
    })
    const [entry] = await eventually(async () => {
      const failures = await entriesOf('sign_in.failed', start)
      expect(failures.length).toBeGreaterThan(0)
      return failures
    })
    expect(entry).toMatchObject({ outcome: 'FAILED', actorId: null, organization: { id: expect.any(String) } })
    expect(JSON.stringify(entry)).not.toMatch(/reviewer@|no code/)
  })

  it('tells of what the gateway refused; a burst of it raises one alert that counts on, live, until somebody saw to it', async () => {
    const start = now()
    const viewerId = await idOf(viewer)
    const follower = owner.socket()
    const events = follower.iterate<{ alertRaised: { id: string; rule: string; actor: { id: string } | null } }>({
      query: FOLLOW,
    })
    const raised = (async () => {
      for await (const { data } of events) {
        const { id, rule, actor } = data!.alertRaised
        if (rule === 'SCOPE_MISUSE' && actor?.id === viewerId) return id
      }
      throw new Error('the subscription ended')
    })()
    for (let n = 0; n < 12; n += 1) expect((await viewer.graphql(DENIED)).errors![0]!.extensions['code']).toBe('FORBIDDEN')
    const id = await raised
    const [entry] = await entriesOf('access.denied', start)
    expect(entry).toMatchObject({ outcome: 'DENIED', actorId: viewerId, operation: 'Snoop' })

    const open = async () => ((await owner.expect(ALERTS)).alerts.nodes as { id: string }[]).map((alert) => alert.id)
    expect(await open()).toContain(id)
    await owner.expect('mutation ($input: AcknowledgeAlertInput!) { acknowledgeAlert(input: $input) { alert { id } } }', {
      input: { id },
    })
    expect(await open()).not.toContain(id)
    await follower.dispose()
  }, 60_000)

  it('is whole', async () => {
    const { auditIntegrity } = await owner.expect('{ auditIntegrity { ok entries checked firstBroken } }')
    expect(auditIntegrity).toMatchObject({ ok: true, firstBroken: null })
    expect(auditIntegrity.checked).toBe(auditIntegrity.entries)
  })
})

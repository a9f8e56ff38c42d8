import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DEMO } from '@signalbox/shared/demo'
import { AuthFixture, type Credentials } from '../testing/auth-fixture.ts'
import { addNeighbour, NEIGHBOUR } from '../testing/neighbours.ts'

const INVITE = `mutation ($input: InviteMemberInput!) { inviteMember(input: $input) {
  invitation { id email role status displayName expiresAt invitedBy { displayName } }
} }`
const RESEND = 'mutation ($id: ID!) { resendInvitation(input: { id: $id }) { invitation { id status expiresAt } } }'
const WITHDRAW = 'mutation ($id: ID!) { withdrawInvitation(input: { id: $id }) { invitation { id status } } }'
const ACCEPT = 'mutation ($id: ID!) { acceptInvitation(input: { id: $id }) { organization { id name } } }'
const LIST = 'query ($id: ID!) { organization(id: $id) { invitations { id email status } } }'
const REMOVE = 'mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { membership { id } } }'
const VIEWER = '{ viewer { role organization { id } } }'

describe('an invitation', () => {
  let auth: AuthFixture
  let owner: Credentials
  let admin: Credentials
  beforeAll(async () => {
    auth = await AuthFixture.start()
    await addNeighbour(auth)
    owner = await auth.tokenOf(DEMO.users.owner)
    admin = await auth.tokenOf(DEMO.users.admin)
  })
  afterAll(() => auth[Symbol.asyncDispose]())

  const invite = async (email: string, role = 'CLIENT_VIEWER', as = owner) => {
    const { data, errors } = await auth.graphql(INVITE, { input: { email, role } }, as)
    expect(errors).toEqual([])
    return { ...data.inviteMember.invitation, mail: await auth.inbox.take(email) }
  }
  const faultOf = async (query: string, variables: Record<string, unknown>, as: Credentials) => {
    const { errors } = await auth.graphql(query, variables, as)
    return errors.map(({ message, extensions }) => ({ message, extensions }))
  }
  /** Answered as anybody is, and no code goes out: none of an address that nobody expects does (`challenges/`). */
  const refusedAtSignIn = async (email: string) => {
    const { data, errors } = await auth.requestOtp(email)
    expect(errors).toEqual([])
    expect(data.requestOtp.challengeId).toEqual(expect.any(String))
    const { rows } = await auth.superuser.query('select auth.is_expected($1) as expected', [email])
    expect(rows).toEqual([{ expected: false }])
  }
  const sessionOf = async (email: string) => {
    const { accessToken: token, refreshToken: refresh } = await auth.signIn(email)
    return { token, refresh }
  }
  const remove = async (email: string) => {
    const { rows } = await auth.superuser.query(
      'select m.id from auth.memberships m join auth.users u on u.id = user_id where email = $1 and organization_id = $2',
      [email, DEMO.clientId],
    )
    const { errors } = await auth.graphql(REMOVE, { input: { membershipId: rows[0].id } }, owner)
    expect(errors).toEqual([])
  }
  const trail = async (id: string) => {
    const { rows } = await auth.superuser.query(
      `select organization_id, payload->>'action' as action, payload->>'outcome' as outcome, payload->'actor'->>'kind' as kind
       from events.outbox where type = 'audit.recorded' and payload->'target'->>'id' = $1 order by id`,
      [id],
    )
    return rows.map(({ organization_id, action, outcome, kind }) => [organization_id, action, outcome, kind].join(' '))
  }

  it('says by mail who invites, to what and until when, with the address in the part of the link that no server sees', async () => {
    const email = 'ann+1@harbour.example'
    const { id, mail, ...invitation } = await invite(email, 'CLIENT_REVIEWER')
    expect(invitation).toMatchObject({
      email,
      role: 'CLIENT_REVIEWER',
      status: 'OPEN',
      invitedBy: { displayName: 'Oskar Owner' },
    })
    expect(mail.subject).toBe('Harbour Bank invites you to Signalbox')
    expect(mail.text).toContain('Your role: Reviewer. Decides what waits for a person')
    const link = `http://signalbox.example:4000/invitations/${id}#email=ann%2B1%40harbour.example`
    expect(mail.text).toContain(link)
    expect(mail.html).toContain(`href="${link}"`)
    expect(new URL(link).search).toBe('')
  })

  it('is listed to administrators until it is over', async () => {
    const { id } = await invite('listed@harbour.example')
    const list = async (as: Credentials) => (await auth.graphql(LIST, { id: DEMO.clientId }, as)).data.organization.invitations
    expect(await list(owner)).toContainEqual({ id, email: 'listed@harbour.example', status: 'OPEN' })
    expect(await list(admin)).toContainEqual({ id, email: 'listed@harbour.example', status: 'OPEN' })
    const reviewer = await auth.tokenOf(DEMO.users.reviewer)
    expect((await faultOf(LIST, { id: DEMO.clientId }, reviewer))[0]?.extensions.code).toBe('FORBIDDEN')
    await auth.superuser.query(`update auth.invitations set expires_at = now() where id = $1`, [id])
    expect(await list(owner)).toContainEqual({ id, email: 'listed@harbour.example', status: 'EXPIRED' })
    await auth.graphql(WITHDRAW, { id }, owner)
    expect(await list(owner)).not.toContainEqual(expect.objectContaining({ id }))
  })

  it('works once: who was removed again does not come back by it', async () => {
    const email = 'once@harbour.example'
    const { id } = await invite(email)
    await auth.signIn(email)
    await remove(email)
    await refusedAtSignIn(email)
    expect(await faultOf(RESEND, { id }, owner)).toEqual([
      {
        message: 'This invitation has been used; each works once. Ask for a new one if you need it.',
        extensions: { code: 'CONFLICT', current: { status: 'ACCEPTED' } },
      },
    ])
    expect(await trail(id)).toEqual([
      `${DEMO.clientId} member.invited ALLOWED USER`,
      `${DEMO.clientId} member.joined ALLOWED USER`,
    ])
    const again = await invite(email, 'CLIENT_REVIEWER')
    expect(again.id).not.toBe(id)
    expect((await auth.graphql(VIEWER, {}, await auth.tokenOf(email))).data.viewer.role).toBe('CLIENT_REVIEWER')
  })

  it('takes in one member when it is used by two sign-ins at once', async () => {
    const email = 'twice@harbour.example'
    const { id } = await invite(email)
    const challenges: string[] = []
    for (let turn = 0; turn < 2; turn += 1) challenges.push((await auth.requestOtp(email)).data.requestOtp.challengeId)
    const codes = [await auth.inbox.takeCode(email), await auth.inbox.takeCode(email)]
    await Promise.all(
      challenges.flatMap((challengeId) => codes.map((code) => auth.verifyOtp(challengeId, code, 'organization { id }'))),
    )
    expect(await trail(id)).toEqual([
      `${DEMO.clientId} member.invited ALLOWED USER`,
      `${DEMO.clientId} member.joined ALLOWED USER`,
    ])
  })

  it('is refused to another address, exactly', async () => {
    const { id } = await invite('meant@harbour.example', 'CLIENT_OWNER')
    const other = await sessionOf(DEMO.users.viewer)
    expect(await faultOf(ACCEPT, { id }, other)).toEqual([
      {
        message:
          'This invitation is for another address. Sign out, open the link again and sign in with the address that the mail was sent to.',
        extensions: { code: 'FORBIDDEN' },
      },
    ])
    expect((await auth.graphql(VIEWER, {}, other)).data.viewer.role).toBe('CLIENT_VIEWER')
    expect((await auth.graphql(LIST, { id: DEMO.clientId }, owner)).data.organization.invitations).toContainEqual(
      expect.objectContaining({ id, status: 'OPEN' }),
    )
  })

  it.each([
    ['withdrawn', 'CONFLICT', 'This invitation was withdrawn. Ask for a new one if you need it.', 'WITHDRAWN'],
    ['expired', 'CONFLICT', 'This invitation has expired: each is good for 14 days. Ask for it to be sent again.', 'EXPIRED'],
    ['used', 'CONFLICT', 'This invitation has been used; each works once. Ask for a new one if you need it.', 'ACCEPTED'],
  ])('that was %s is refused to its own address, exactly', async (state, code, message, status) => {
    const { rows } = await auth.superuser.query('select id from auth.users where email = $1', [NEIGHBOUR.admin])
    const { id } = await invite(NEIGHBOUR.admin)
    const ending = {
      withdrawn: 'withdrawn_at = now()',
      expired: `expires_at = now() - interval '1 second'`,
      used: `accepted_at = now(), accepted_by = '${rows[0].id}'`,
    }[state]
    await auth.superuser.query(`update auth.invitations set ${ending} where id = $1`, [id])
    const neighbour = await sessionOf(NEIGHBOUR.admin)
    expect(await faultOf(ACCEPT, { id }, neighbour)).toEqual([{ message, extensions: { code, current: { status } } }])
    expect((await auth.graphql(VIEWER, {}, neighbour)).data.viewer.organization.id).toBe(NEIGHBOUR.agencyId)
    const refreshed = await auth.graphql('mutation { refreshSession { viewer { role } } }', {}, neighbour)
    expect(refreshed.errors).toEqual([])
    expect((await auth.graphql('{ organizations { id } }', {}, neighbour)).data.organizations).not.toContainEqual({
      id: DEMO.clientId,
    })
    await auth.superuser.query('update auth.invitations set withdrawn_at = now(), sends = 1 where id = $1', [id])
  })

  it('that was withdrawn or has expired lets a new address in no more', async () => {
    for (const ending of ['withdrawn_at = now()', `expires_at = now()`]) {
      const email = `late-${ending.length}@harbour.example`
      const { id } = await invite(email)
      await auth.superuser.query(`update auth.invitations set ${ending} where id = $1`, [id])
      await refusedAtSignIn(email)
    }
  })

  it('that expired is good again after it was sent again', async () => {
    const email = 'patient@harbour.example'
    const { id } = await invite(email)
    await auth.superuser.query(`update auth.invitations set expires_at = now() - interval '1 day' where id = $1`, [id])
    const { data } = await auth.graphql(RESEND, { id }, owner)
    expect(data.resendInvitation.invitation).toMatchObject({ id, status: 'OPEN' })
    expect((await auth.inbox.take(email)).text).toContain(`/invitations/${id}#`)
    expect((await auth.graphql(VIEWER, {}, await auth.tokenOf(email))).data.viewer.role).toBe('CLIENT_VIEWER')
    expect(await trail(id)).toContain(`${DEMO.clientId} invitation.resent ALLOWED USER`)
  })

  it('joins somebody who is known already by its link, at once, and goes on there', async () => {
    const { id } = await invite(NEIGHBOUR.admin, 'CLIENT_REVIEWER')
    const neighbour = await auth.signIn(NEIGHBOUR.admin)
    const accepted = await auth.graphql(ACCEPT, { id }, { token: neighbour.accessToken, refresh: neighbour.refreshToken })
    expect(accepted.data.acceptInvitation.organization).toEqual({ id: DEMO.clientId, name: DEMO.clientName })
    const { accessToken } = accepted.session as { accessToken: string }
    expect((await auth.graphql(VIEWER, {}, { token: accessToken })).data.viewer).toEqual({
      role: 'CLIENT_REVIEWER',
      organization: { id: DEMO.clientId },
    })
    await remove(NEIGHBOUR.admin)
  })

  it('joins somebody who is signed in at the next session refresh, where the active organisation stays', async () => {
    const session = await sessionOf(NEIGHBOUR.admin)
    await invite(NEIGHBOUR.admin, 'CLIENT_VIEWER')
    const { data, errors } = await auth.graphql('mutation { refreshSession { viewer { organization { id } } } }', {}, session)
    expect(errors).toEqual([])
    expect(data.refreshSession.viewer.organization.id).toBe(NEIGHBOUR.agencyId)
    const fresh = await auth.tokenOf(NEIGHBOUR.admin)
    expect((await auth.graphql('{ organizations { id } }', {}, fresh)).data.organizations).toContainEqual({ id: DEMO.clientId })
    await remove(NEIGHBOUR.admin)
  })

  it('is not sent to a member nor a second time while it is open, and says what to do instead', async () => {
    const member = await faultOf(INVITE, { input: { email: DEMO.users.viewer, role: 'CLIENT_OWNER' } }, owner)
    expect(member).toMatchObject([
      {
        message: 'This person is a member already, as Viewer. Change the role in the list of members.',
        extensions: { code: 'CONFLICT', current: { role: 'CLIENT_VIEWER' } },
      },
    ])
    const { id, expiresAt } = await invite('eager@harbour.example')
    expect(await faultOf(INVITE, { input: { email: 'eager@harbour.example', role: 'CLIENT_OWNER' } }, owner)).toEqual([
      {
        message: 'This address is invited already, as Viewer. Send that invitation again, or withdraw it first.',
        extensions: { code: 'CONFLICT', current: { invitationId: id, role: 'CLIENT_VIEWER', expiresAt } },
      },
    ])
    await auth.graphql(WITHDRAW, { id }, owner)
    expect(await faultOf(WITHDRAW, { id }, owner)).toMatchObject([{ extensions: { current: { status: 'WITHDRAWN' } } }])
    expect(await faultOf(RESEND, { id }, owner)).toMatchObject([{ extensions: { current: { status: 'WITHDRAWN' } } }])
    expect((await invite('eager@harbour.example', 'CLIENT_OWNER')).id).not.toBe(id)
  })

  it('stands once when an address is invited ten times at once', async () => {
    const email = 'popular@harbour.example'
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => auth.graphql(INVITE, { input: { email, role: 'CLIENT_VIEWER' } }, owner)),
    )
    expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(1)
    expect(answers.flatMap(({ errors }) => errors.map(({ extensions }) => extensions.code))).toEqual(Array(9).fill('CONFLICT'))
    await auth.inbox.take(email)
  })

  it('does not flood an address: five mails, then none for an hour', async () => {
    const email = 'flooded@harbour.example'
    const { id } = await invite(email)
    for (let turn = 0; turn < 4; turn += 1) {
      expect((await auth.graphql(RESEND, { id }, owner)).errors).toEqual([])
      await auth.inbox.take(email)
    }
    const refused = { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) }
    expect(await faultOf(RESEND, { id }, owner)).toMatchObject([{ extensions: refused }])
    await auth.graphql(WITHDRAW, { id }, owner)
    expect(await faultOf(INVITE, { input: { email, role: 'CLIENT_VIEWER' } }, owner)).toMatchObject([{ extensions: refused }])
    await auth.superuser.query(`update auth.invitations set sent_at = now() - interval '61 minutes' where email = $1`, [email])
    await invite(email)
  })

  it('of a foreign organisation looks like none', async () => {
    const neighbour = await auth.tokenOf(NEIGHBOUR.admin)
    const { id } = await invite('ours@harbour.example')
    const none = [{ message: 'There is no such invitation.', extensions: { code: 'NOT_FOUND' } }]
    for (const query of [RESEND, WITHDRAW]) {
      for (const wrong of [id, '0190a000-0000-7000-8000-00000000ffff', 'nonsense']) {
        expect(await faultOf(query, { id: wrong }, neighbour)).toEqual(none)
      }
    }
    for (const wrong of ['0190a000-0000-7000-8000-00000000ffff', 'nonsense']) {
      expect(await faultOf(ACCEPT, { id: wrong }, owner)).toEqual(none)
    }
    const foreign = await auth.graphql(LIST, { id: DEMO.clientId }, neighbour)
    expect(foreign.errors[0]?.extensions.code).toBe('NOT_FOUND')
  })
})

import { beforeAll, describe, expect, it } from '@jest/globals'
import { generateKeyPair, SignJWT } from 'jose'
import { asServiceClient, codeFor, eventually, Session, signIn, system } from './testkit/session.ts'

const START = 'mutation ($input: StartRunInput!) { startRun(input: $input) { created run { id } } }'
const DECIDE = 'mutation ($input: DecideReviewInput!) { decideReview(input: $input) { review { id status } } }'
const REQUEST = 'mutation ($input: RequestOtpInput!) { requestOtp(input: $input) { challengeId expiresAt } }'
const VERIFY = 'mutation ($input: VerifyOtpInput!) { verifyOtp(input: $input) { viewer { role } } }'
const NOBODY = '0190a000-0000-7000-8000-00000000dead'
const REFUND = { text: 'I want a refund for a payment that I made by mistake' }

const codeOf = (answer: { errors?: { extensions: Record<string, unknown> }[] }) => answer.errors?.[0]?.extensions['code']

describe('bad input', () => {
  let owner: Session
  let outsider: Session

  beforeAll(async () => {
    owner = await signIn('owner@harbour.example')
    outsider = await signInOutsider()
  }, 60_000)

  const start = async (input: Record<string, unknown> = {}) =>
    (await owner.expect(START, { input: { workflow: 'support-triage', input: REFUND, ...input } })).startRun as {
      created: boolean
      run: { id: string }
    }

  it('refuses an unknown workflow', async () => {
    const answer = await owner.graphql(START, { input: { workflow: 'no-such', input: REFUND } })
    expect(codeOf(answer)).toBe('NOT_FOUND')
  })

  it('names each field of an input that breaks the schema', async () => {
    const answer = await owner.graphql(START, { input: { workflow: 'support-triage', input: { text: 7, other: true } } })
    expect(codeOf(answer)).toBe('BAD_USER_INPUT')
    expect(answer.errors![0]!.extensions['fields'].map((field: { path: string }) => field.path)).toContain('input.text')
  })

  it('refuses literals and variables that are nested beyond all use, at once', async () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
    const literal = `mutation { startRun(input: { workflow: "support-triage", input: { text: "x", a: ${nested(50)} } }) { created } }`
    expect(codeOf(await owner.graphql(literal))).toBe('QUERY_TOO_COMPLEX')
    const input = { text: 'x', a: JSON.parse(nested(1_000)) as unknown }
    expect(codeOf(await owner.graphql(START, { input: { workflow: 'support-triage', input } }))).toBe('QUERY_TOO_COMPLEX')
    expect((await owner.fetch('/health')).status).toBe(200)
  })

  it('returns the first run for a key that was seen before and refuses the key with other input', async () => {
    const idempotencyKey = crypto.randomUUID()
    const first = await start({ idempotencyKey })
    const second = await start({ idempotencyKey })
    expect([first.created, second.created, second.run.id]).toEqual([true, false, first.run.id])
    const other = { workflow: 'support-triage', input: { text: 'Something else' }, idempotencyKey }
    expect(codeOf(await owner.graphql(START, { input: other }))).toBe('CONFLICT')
  })

  it('treats what belongs to somebody else like what does not exist', async () => {
    const { run } = await start()
    const query = 'query ($id: ID!) { run(id: $id) { id } }'
    const [unknown, foreign] = [await owner.graphql(query, { id: NOBODY }), await outsider.graphql(query, { id: run.id })]
    expect(foreign).toEqual(unknown)
    expect(foreign).toMatchObject({ status: 200, data: { run: null }, errors: [{ extensions: { code: 'NOT_FOUND' } }] })
  })

  it('counts the first decision of two at once and shows it to the second', async () => {
    const review = await reviewOf(owner, (await start()).run.id)
    const decide = (action: string) =>
      owner.graphql(DECIDE, { input: { reviewId: review.id, checkpointId: review.checkpointId, action } })
    const answers = await Promise.all([decide('APPROVE'), decide('REJECT'), decide('APPROVE')])
    const refused = answers.filter((answer) => answer.errors !== undefined)
    // Who repeats their own decision is told what stands; who says otherwise is refused.
    expect(refused.length === 1 ? answers[1] : answers[0]).toBe(refused[0])
    expect([1, 2]).toContain(refused.length)
    for (const answer of refused) {
      expect(codeOf(answer)).toBe('CONFLICT')
      expect(answer.errors![0]!.extensions['current']).toMatchObject({
        status: 'DECIDED',
        decision: { action: expect.any(String) },
      })
    }
  })

  it('refuses a decision that was made on an older state', async () => {
    const review = await reviewOf(owner, (await start()).run.id)
    const answer = await owner.graphql(DECIDE, { input: { reviewId: review.id, checkpointId: NOBODY, action: 'APPROVE' } })
    expect(codeOf(answer)).toBe('PRECONDITION_FAILED')
  })

  it('takes a code once, within five tries', async () => {
    const address = 'reviewer@harbour.example'
    const browser = new Session(system.url)
    const asked = Date.now()
    const { requestOtp } = await browser.expect(REQUEST, { input: { channel: 'EMAIL', address } })
    const code = await codeFor(address, asked)
    const verify = (text: string, challengeId = requestOtp.challengeId) =>
      browser.graphql(VERIFY, { input: { challengeId, code: text } })
    const wrong = code === '000000' ? '111111' : '000000'
    expect(codeOf(await verify(wrong))).toBe('BAD_USER_INPUT')
    expect((await verify(code)).errors).toBeUndefined()
    expect(codeOf(await verify(code))).toBe('BAD_USER_INPUT')

    const askedAgain = Date.now()
    const again = (await browser.expect(REQUEST, { input: { channel: 'EMAIL', address } })).requestOtp.challengeId
    for (let attempt = 0; attempt < 5; attempt += 1) expect(codeOf(await verify(wrong, again))).toBe('BAD_USER_INPUT')
    const right = await codeFor(address, askedAgain)
    expect(codeOf(await verify(right, again))).toBe('BAD_USER_INPUT')
  })

  it('answers alike for a known and an unknown address', async () => {
    const ask = (address: string) => new Session(system.url).graphql(REQUEST, { input: { channel: 'EMAIL', address } })
    const [known, unknown] = [await ask('viewer@harbour.example'), await ask('nobody@nowhere.example')]
    expect(Object.keys(unknown.data.requestOtp)).toEqual(Object.keys(known.data.requestOtp))
    expect([unknown.status, unknown.data.requestOtp.challengeId.length]).toEqual([
      known.status,
      known.data.requestOtp.challengeId.length,
    ])
  })

  it('refuses a token that somebody else signed', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    const claims = { org: NOBODY, orgs: [], scope: 'wrm:read', kind: 'USER' }
    const forged = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'x' })
      .setSubject(NOBODY)
      .setIssuer(`${system.url}/oidc`)
      .setAudience('urn:signalbox:api')
      .setExpirationTime('5m')
      .sign(privateKey)
    const answer = await new Session(system.url, forged).graphql('{ runs { totalCount } }')
    expect([answer.status, codeOf(answer)]).toEqual([401, 'UNAUTHENTICATED'])
  })

  it('needs a token, and the scope, before anything is planned', async () => {
    const nobody = await new Session(system.url).graphql('{ runs { totalCount } }')
    expect([nobody.status, codeOf(nobody)]).toEqual([401, 'UNAUTHENTICATED'])
    const viewer = await signIn('viewer@harbour.example')
    const answer = await viewer.graphql(START, { input: { workflow: 'support-triage', input: REFUND } })
    expect([answer.status, codeOf(answer)]).toEqual([200, 'FORBIDDEN'])
  })

  it('refuses a subscription to nothing, and without a token', async () => {
    const first = async (session: Session) => {
      const socket = session.socket()
      try {
        const query = 'subscription ($id: ID!) { runTransitions(runId: $id) { seq } }'
        for await (const event of socket.iterate({ query, variables: { id: NOBODY } })) return event
        return undefined
      } finally {
        await socket.dispose()
      }
    }
    const refusal = await first(owner).catch((error: unknown) => ({ errors: error as { extensions: Record<string, unknown> }[] }))
    expect(refusal?.errors?.[0]?.extensions?.['code']).toBe('NOT_FOUND')
    await expect(first(new Session(system.url))).rejects.toBeDefined()
  })

  it('shows a service client who it is', async () => {
    const client = await asServiceClient()
    const { viewer } = await client.expect(
      '{ viewer { actor { __typename ... on ServiceClient { clientId } } organization { name } scopes } }',
    )
    expect(viewer).toMatchObject({
      actor: { __typename: 'ServiceClient', clientId: 'signalbox-cli' },
      organization: { name: 'Harbour Bank' },
    })
  })

  it('knows no other route, and says so in JSON', async () => {
    for (const path of ['/admin', '/api/v1/runs', '/graphql/x']) {
      const response = await new Session(system.url).fetch(path, { headers: { accept: 'application/json' } })
      expect(response.status).toBe(404)
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] })
    }
  })
})

const reviewOf = (session: Session, runId: string) =>
  eventually(async () => {
    const { run } = await session.expect('query ($id: ID!) { run(id: $id) { reviews { id checkpointId status } } }', {
      id: runId,
    })
    expect(run.reviews).toHaveLength(1)
    return run.reviews[0] as { id: string; checkpointId: string }
  })

/** The owner of another client of the same agency. */
async function signInOutsider(): Promise<Session> {
  const admin = await signIn('admin@northwind.example')
  const name = `Lighthouse ${Date.now()}`
  const { createOrganization } = await admin.expect(
    'mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) { organization { id } } }',
    { input: { name } },
  )
  await admin.expect('mutation ($input: SwitchOrganizationInput!) { switchOrganization(input: $input) { viewer { role } } }', {
    input: { organizationId: createOrganization.organization.id },
  })
  const email = `owner-${Date.now()}@lighthouse.example`
  await admin.expect('mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { role } } }', {
    input: { email, role: 'CLIENT_OWNER' },
  })
  return signIn(email)
}

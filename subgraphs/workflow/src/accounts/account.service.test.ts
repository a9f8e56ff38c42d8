import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createHash, randomUUID } from 'node:crypto'
import { viewerOf, WorkflowTestbed } from '../testing/testkit.ts'
import { OtherSide } from '../testing/other-side.ts'
import { openOutside, PUBLIC_URL, type Outside } from '../testing/outside.ts'
import type { OAuthSecret } from './account-secret.ts'
import { lockAccount, openAccount, sealAccount, writeTokens } from './account-store.ts'
import { ClientAuthentication } from './account.inputs.ts'
import { AccountKind } from './account.type.ts'

const SECRET = 'client-secret-4711-0815'

/** An authorization server by the book (RFC 6749, RFC 7636): codes and refresh tokens work once. */
class Provider {
  readonly codes = new Map<string, { challenge: string; redirectUri: string }>()
  refreshToken = ''
  expiresIn = 3_600
  refreshes = 0

  /** The browser's visit: somebody agrees. */
  authorize(url: string): { code: string; state: string } {
    const asked = new URL(url).searchParams
    expect(asked.get('code_challenge_method')).toBe('S256')
    const code = randomUUID()
    this.codes.set(code, { challenge: asked.get('code_challenge')!, redirectUri: asked.get('redirect_uri')! })
    return { code, state: asked.get('state')! }
  }

  answer(form: URLSearchParams): [status: number, body: object] {
    const known = this.codes.get(form.get('code') ?? '')
    this.codes.delete(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const isCode = known?.challenge === challenge && known.redirectUri === form.get('redirect_uri')
    const isRefresh = this.refreshToken !== '' && form.get('refresh_token') === this.refreshToken
    if (form.get('grant_type') === 'refresh_token') this.refreshes += 1
    if (!isCode && !isRefresh) return [400, { error: 'invalid_grant', error_description: SECRET }]
    this.refreshToken = randomUUID()
    return [
      200,
      {
        access_token: `access-${this.refreshToken}`,
        token_type: 'Bearer',
        expires_in: this.expiresIn,
        refresh_token: this.refreshToken,
      },
    ]
  }
}

describe('an OAuth 2.0 account', () => {
  let bed: WorkflowTestbed
  let side: OtherSide
  let outside: Outside
  let provider: Provider
  const me = () => viewerOf(bed.organizationId, { actorId: '0190a000-0000-7000-8000-000000000001' })

  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
    side = await OtherSide.listen()
    outside = openOutside(bed, side.origin)
  })
  beforeEach(async () => {
    for (const table of ['tools', 'accounts']) await bed.superuser.query(`delete from workflow.${table}`)
    side.received.length = 0
    provider = new Provider()
    side.answer = ({ url, body }, response) => {
      if (url !== '/token') return void response.end('{"fine":true}')
      const [status, answer] = provider.answer(new URLSearchParams(body))
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    }
  })
  afterAll(async () => {
    await outside[Symbol.asyncDispose]()
    await side[Symbol.asyncDispose]()
    await bed[Symbol.asyncDispose]()
  })

  const add = () =>
    outside.as(me()).accounts.save({
      name: 'CRM',
      kind: AccountKind.OAUTH2,
      host: '127.0.0.1',
      oauth: {
        authorizeUrl: `${side.origin}/authorize?prompt=consent`,
        tokenUrl: `${side.origin}/token`,
        clientId: 'signalbox one',
        clientSecret: SECRET,
        scopes: 'contacts  notes',
        clientAuthentication: ClientAuthentication.HEADER,
      },
    })

  async function connected() {
    const { id } = await add()
    const { url } = await outside.as(me()).accounts.connect(id)
    await outside.as(me()).accounts.complete(provider.authorize(url))
    const settings = { method: 'GET', url: `${side.origin}/contacts` }
    await outside
      .as()
      .tools.save({ name: 'contacts', description: 'Lists.', kind: 'http', settings, accountId: id, enabled: true })
    return id
  }

  const stateOf = async (id: string) => (await outside.as(me()).accounts.list()).find((account) => account.id === id)

  it('is connected by code and PKCE, and what it got is in no column and in no list', async () => {
    const { id, state } = await add()
    expect(state).toBe('NEW')
    const { url } = await outside.as(me()).accounts.connect(id)
    const asked = Object.fromEntries(new URL(url).searchParams)
    expect(asked).toMatchObject({
      prompt: 'consent',
      response_type: 'code',
      client_id: 'signalbox one',
      scope: 'contacts notes',
      redirect_uri: `${PUBLIC_URL}/settings/connections/authorized`,
    })
    await outside.as(me()).accounts.complete(provider.authorize(url))
    const basic = Buffer.from(`signalbox+one:${SECRET}`).toString('base64')
    expect(side.received.at(-1)).toMatchObject({ method: 'POST', url: '/token', headers: { authorization: `Basic ${basic}` } })
    expect(await stateOf(id)).toMatchObject({
      state: 'CONNECTED',
      hint: 'client signalbox one',
      tokenExpiresAt: expect.any(Date),
    })
    const { rows } = await bed.superuser.query('select * from workflow.accounts')
    const texts = `${JSON.stringify(rows)}${(rows[0] as { ciphertext: Buffer }).ciphertext.toString('latin1')}`
    for (const secret of [SECRET, provider.refreshToken]) expect(texts).not.toContain(secret)
  })

  it('takes a state once, from who began, in the organisation where it began, unchanged', async () => {
    const { id } = await add()
    const { url } = await outside.as(me()).accounts.connect(id)
    const returned = provider.authorize(url)
    const colleague = outside.as(viewerOf(bed.organizationId))
    const elsewhere = outside.as(viewerOf(randomUUID(), { actorId: me().actorId }))
    const refused = { code: 'BAD_USER_INPUT', extensions: { fields: [{ path: 'input.state' }] } }
    for (const other of [colleague, elsewhere]) await expect(other.accounts.complete(returned)).rejects.toMatchObject(refused)
    const changed = returned.state.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
    await expect(outside.as(me()).accounts.complete({ ...returned, state: `${changed}x` })).rejects.toMatchObject(refused)
    expect(side.received).toEqual([])
    await outside.as(me()).accounts.complete(returned)
    await expect(outside.as(me()).accounts.complete(returned)).rejects.toMatchObject(refused)
    // One that began later replaces one that began earlier.
    const older = provider.authorize((await outside.as(me()).accounts.connect(id)).url)
    await outside.as(me()).accounts.connect(id)
    await expect(outside.as(me()).accounts.complete(older)).rejects.toMatchObject(refused)
  })

  it('is renewed before it ends, once for however many ask', async () => {
    provider.expiresIn = 30
    await connected()
    const first = provider.refreshToken
    provider.expiresIn = 3_600
    await Promise.all(Array.from({ length: 4 }, () => outside.call('contacts', {})))
    expect(provider.refreshes).toBe(1)
    const used = side.received.filter(({ url }) => url === '/contacts').map(({ headers }) => headers.authorization)
    expect(used).toEqual(Array.from({ length: 4 }, () => `Bearer access-${provider.refreshToken}`))
    expect(provider.refreshToken).not.toBe(first)
  })

  it('says that it needs somebody when the provider renews it no longer, until it is connected again', async () => {
    provider.expiresIn = 1
    const id = await connected()
    provider.refreshToken = 'revoked at the provider'
    await expect(outside.call('contacts', {})).rejects.toMatchObject({
      name: 'ToolError',
      retryable: false,
      message: 'The account "CRM" has to be connected again. The provider refused (status 400, invalid_grant).',
    })
    expect(await stateOf(id)).toMatchObject({
      state: 'ATTENTION',
      attention: 'The provider refused (status 400, invalid_grant).',
    })
    await expect(outside.call('contacts', {})).rejects.toThrow('has to be connected again')
    expect(provider.refreshes).toBe(1)
    provider.expiresIn = 3_600
    await outside.as(me()).accounts.complete(provider.authorize((await outside.as(me()).accounts.connect(id)).url))
    expect(await outside.call('contacts', {})).toMatchObject({ result: { body: { fine: true } } })
  })

  it('goes on with a token that still holds while the provider is down, and may be tried again after', async () => {
    provider.expiresIn = 30
    const id = await connected()
    const answer = side.answer
    side.answer = (request, response) =>
      request.url === '/token' ? void response.writeHead(503).end() : answer(request, response)
    expect(await outside.call('contacts', {})).toMatchObject({ result: { status: 200 } })
    await bed.as().tenant.transaction(async (transaction) => {
      const stored = await lockAccount(transaction, id)
      const secret = (await openAccount(outside.connections.envelope, stored!)) as OAuthSecret
      const ended = { ...secret, tokens: { ...secret.tokens!, expiresAt: Date.now() - 1 } }
      await writeTokens(transaction, id, await sealAccount(outside.connections.envelope, stored!.account, ended), Date.now())
    })
    await expect(outside.call('contacts', {})).rejects.toMatchObject({ retryable: true })
    expect(await stateOf(id)).toMatchObject({ state: 'CONNECTED' })
  })
})

import { beforeAll, describe, expect, it } from '@jest/globals'
import { decodeProtectedHeader } from 'jose'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Application } from './testkit/application.ts'
import { Session, system } from './testkit/session.ts'

const VIEWER = '{ viewer { role scopes organization { name } } }'
const ROTATE = fileURLToPath(new URL('../../../infra/local/rotate-keys.ts', import.meta.url))

const clientToken = async (): Promise<string> => {
  const form = { grant_type: 'client_credentials', client_id: 'signalbox-cli', client_secret: system.cliSecret }
  const response = await fetch(`${system.url}/oidc/token`, { method: 'POST', body: new URLSearchParams(form) })
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return ((await response.json()) as { access_token: string }).access_token
}

/** Another application signs a person in: authorization code with PKCE, through the public endpoint. */
describe('an application of a partner', () => {
  let partner: Application
  beforeAll(async () => {
    partner = await Application.register('Partner portal')
  })

  it('acts for a person by its token, renews it, and is refused within a second of giving it back', async () => {
    const first = await partner.signIn('owner@harbour.example')
    expect(first).toMatchObject({ expires_in: 300, scope: 'wrm:read' })
    const person = new Session(system.url, first.access_token)
    expect((await person.expect(VIEWER)).viewer).toEqual({
      role: 'CLIENT_OWNER',
      scopes: ['wrm:read'],
      organization: { name: 'Harbour Bank' },
    })
    expect(await person.graphql('{ knowledgeBases { id } }')).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] })

    const second = await partner.token({ grant_type: 'refresh_token', refresh_token: first.refresh_token })
    const renewed = new Session(system.url, second.access_token)
    expect((await renewed.graphql(VIEWER)).status).toBe(200)

    const revoked = performance.now()
    expect((await partner.post('/oidc/token/revocation', { token: second.refresh_token })).status).toBe(200)
    while ((await renewed.graphql(VIEWER)).status === 200) expect(performance.now() - revoked).toBeLessThan(10_000)
    for (const session of [person, renewed]) {
      expect(await session.graphql(VIEWER)).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
    }
    const refused = await partner.post('/oidc/token', { grant_type: 'refresh_token', refresh_token: second.refresh_token })
    expect({ status: refused.status, body: await refused.json() }).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant', errors: [{ message: expect.any(String), extensions: { error: 'invalid_grant' } }] },
    })
  })

  it('cannot have people sent elsewhere: a page of ours says so', async () => {
    const response = await fetch(`${system.url}${partner.request({ redirect_uri: 'https://evil.example/' })}`, {
      headers: { accept: 'text/html' },
      redirect: 'manual',
    })
    expect({ status: response.status, location: response.headers.get('location') }).toEqual({ status: 400, location: null })
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
    expect(await response.text()).toContain('This did not work')
  })
})

describe('rotating the signing key', () => {
  it('fails no request, neither by tokens of the old key nor by those of the new one', async () => {
    const old = await clientToken()
    const rotation = spawn(process.execPath, [ROTATE, '--lead-seconds', '2', '--wait'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(rotation, 'exit')
    const answers: number[] = []
    const signers = new Set<string | undefined>()
    let over = false
    void ended.then(() => (over = true))
    for (let last = false; !last;) {
      last = over
      const token = await clientToken()
      signers.add(decodeProtectedHeader(token).kid)
      for (const each of [token, old]) answers.push((await new Session(system.url, each).graphql(VIEWER)).status)
    }
    expect((await ended)[0]).toBe(0)
    expect(answers.length).toBeGreaterThan(20)
    expect(new Set(answers)).toEqual(new Set([200]))
    expect(signers.size).toBe(2)
  })
})

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEgress } from '@signalbox/shared/egress'
import { Envelope } from '@signalbox/shared/encryption/envelope'
import { KeyFileProvider } from '@signalbox/shared/encryption/key-file'
import { eventually, log, testKeys, viewerOf, WorkflowTestbed } from '../testing/testkit.ts'
import { testModel } from '../testing/tools.ts'
import { CredentialKind } from './connection.ts'
import { CredentialService, type ConnectionParts } from './credential.service.ts'
import { n8nTargets } from '../connectors/n8n-target.ts'
import { OrganizationModels } from './organization-models.ts'

const KEY = 'sk-live-3f9d1c77a0b24e5f8d'

describe('an organisation’s own connections', () => {
  let bed: WorkflowTestbed
  let server: Server
  let origin: string
  let parts: ConnectionParts
  let answer: RequestListener
  const requests: { url: string | undefined; headers: IncomingMessage['headers']; body: string }[] = []

  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
    server = createServer((request, response) => {
      let body = ''
      request.on('data', (part: Buffer) => (body += part.toString()))
      request.on('end', () => {
        requests.push({ url: request.url, headers: request.headers, body })
        answer(request, response)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const policy = { trustedOrigins: [origin] }
    parts = { envelope: new Envelope(new KeyFileProvider({ text: testKeys() })), policy, egress: createEgress(policy) }
  })
  afterEach(async () => {
    requests.length = 0
    await bed.superuser.query('delete from workflow.credentials')
    await bed.superuser.query('delete from events.outbox')
  })
  afterAll(async () => {
    await parts.egress[Symbol.asyncDispose]()
    server.closeAllConnections()
    server.close()
    await bed[Symbol.asyncDispose]()
  })

  const serviceOf = (organizationId = bed.organizationId, readable = [organizationId]) => {
    const { tenant, audit } = bed.as(viewerOf(organizationId, { organizationIds: readable }))
    return new CredentialService(tenant, parts, audit)
  }
  const n8n = (over = {}) => ({
    kind: CredentialKind.N8N_WEBHOOK,
    n8nWebhook: { url: `${origin}/webhook/abc`, headerName: 'X-Signalbox-Key', headerValue: KEY, ...over },
  })
  const model = (over = {}) => ({
    kind: CredentialKind.OPENAI,
    openAi: { baseUrl: `${origin}/v1`, apiKey: KEY, model: 'llama3', ...over },
  })
  const audited = async () =>
    (await bed.superuser.query("select payload from events.outbox where type = 'audit.recorded' order by id")).rows.map(
      ({ payload }) => payload as { action: string; details: object },
    )

  it('are shown without what is secret of them', async () => {
    await serviceOf().save(n8n())
    const saved = await serviceOf().save(model())
    const { host } = new URL(origin)
    expect(await serviceOf().list()).toMatchObject([
      { kind: 'N8N_WEBHOOK', host, hint: 'header X-Signalbox-Key, ending in …5f8d', lastUsedAt: null },
      { kind: 'OPENAI', host, hint: 'llama3, key ending in …5f8d', id: saved.id },
    ])
    expect(JSON.stringify(await serviceOf().list())).not.toContain(KEY)
  })

  it('are stored encrypted: neither the key nor the path of a webhook stands in any column', async () => {
    await serviceOf().save(n8n())
    const { rows } = await bed.superuser.query('select * from workflow.credentials')
    const [row] = rows as { ciphertext: Buffer; wrapped_key: Buffer }[]
    const texts = [JSON.stringify(row), row!.ciphertext.toString('latin1'), row!.wrapped_key.toString('latin1')].join()
    for (const secret of [KEY, 'webhook/abc', Buffer.from(KEY).toString('hex'), Buffer.from(KEY).toString('base64')])
      expect(texts).not.toContain(secret)
  })

  it('are replaced by kind, and the old secret is gone', async () => {
    const first = await serviceOf().save(model())
    const second = await serviceOf().save(model({ apiKey: 'another-key-that-is-long' }))
    expect(second.id).not.toBe(first.id)
    expect(await serviceOf().list()).toMatchObject([{ id: second.id, hint: 'llama3, key ending in …long' }])
  })

  it('are audited: who saved and deleted them, and never what is secret', async () => {
    const { id } = await serviceOf().save(model())
    await serviceOf().remove(id)
    const entries = await audited()
    expect(entries).toMatchObject([
      { action: 'credential.saved', outcome: 'ALLOWED', target: { type: 'Credential', id }, details: { kind: 'OPENAI' } },
      { action: 'credential.deleted', outcome: 'ALLOWED', target: { type: 'Credential', id } },
    ])
    expect(JSON.stringify(entries)).not.toContain(KEY)
  })

  it('belong to one organisation: neither a stranger nor its agency reads, tries or deletes them', async () => {
    const { id } = await serviceOf().save(model())
    const others = [serviceOf(randomUUID()), serviceOf(randomUUID(), [bed.organizationId])]
    for (const other of others) {
      expect(await other.list()).toEqual([])
      await expect(other.test(id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
      await expect(other.remove(id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    }
    expect(requests).toEqual([])
    expect(await serviceOf().list()).toHaveLength(1)
  })

  it('cannot be opened when a row is moved to another organisation', async () => {
    const { id } = await serviceOf().save(model())
    const thief = randomUUID()
    await bed.superuser.query('update workflow.credentials set organization_id = $1', [thief])
    await expect(serviceOf(thief).test(id)).rejects.toMatchObject({ name: 'DecryptionError' })
    expect(requests).toEqual([])
  })

  it.each([
    [{ kind: CredentialKind.OPENAI }, 'input.openAi', 'is needed for the kind OPENAI, and nothing else'],
    [{ ...n8n(), openAi: model().openAi }, 'input.n8nWebhook', 'is needed for the kind N8N_WEBHOOK, and nothing else'],
    [n8n({ url: 'http://n8n.example.com/x' }), 'input.n8nWebhook.url', 'The address must begin with https://.'],
    [n8n({ url: 'https://n8n.example.com:8443/x' }), 'input.n8nWebhook.url', 'The address must use port 443.'],
    [
      n8n({ url: 'https://a:b@n8n.example.com/x' }),
      'input.n8nWebhook.url',
      'The address must not contain a user name or a password.',
    ],
    [n8n({ url: 'not an address' }), 'input.n8nWebhook.url', 'The address is not a valid web address.'],
    [
      n8n({ url: `https://n8n.example.com/${'x'.repeat(2_000)}` }),
      'input.n8nWebhook.url',
      'The address must have at most 2,000 characters.',
    ],
    [n8n({ headerName: null }), 'input.n8nWebhook.headerName', 'is missing: name and value go together'],
    [n8n({ headerValue: '' }), 'input.n8nWebhook.headerValue', 'is missing: name and value go together'],
    [n8n({ headerName: 'Host' }), 'input.n8nWebhook.headerName', 'name and value must be a header that a webhook may ask for'],
    [
      n8n({ headerValue: 'a\r\nhost: b' }),
      'input.n8nWebhook.headerName',
      'name and value must be a header that a webhook may ask for',
    ],
    [model({ apiKey: ' ' }), 'input.openAi.apiKey', 'must be 1 to 4,000 characters as the provider gave them'],
    [
      { kind: CredentialKind.ANTHROPIC, openAi: model().openAi },
      'input.anthropic',
      'is needed for the kind ANTHROPIC, and nothing else',
    ],
    [model({ apiKey: 'x'.repeat(5_000) }), 'input.openAi.apiKey', 'must be 1 to 4,000 characters as the provider gave them'],
    [model({ model: 'two words' }), 'input.openAi.model', 'must be a model’s name such as gpt-4.1-mini'],
    [model({ baseUrl: 'https://api.example.com/v1?a=b' }), 'input.openAi.baseUrl', 'must have no part after a "?"'],
  ])('are refused when they do not fit: %#', async (input, path, message) => {
    const parsed = { ...input } as Parameters<CredentialService['save']>[0]
    // `origin` is known only once the server listens.
    if (parsed.n8nWebhook?.url.startsWith('undefined')) parsed.n8nWebhook.url = `${origin}/webhook/abc`
    if (parsed.openAi?.baseUrl.startsWith('undefined')) parsed.openAi.baseUrl = `${origin}/v1`
    await expect(serviceOf().save(parsed)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: { fields: [{ path, message }] },
    })
    expect(await audited()).toEqual([])
  })

  it('tell plainly what happened when they are tried', async () => {
    const webhook = await serviceOf().save(n8n())
    answer = (_request, response) => response.end()
    expect(await serviceOf().test(webhook.id)).toMatchObject({
      succeeded: true,
      message: 'n8n took the test message (status 200).',
    })
    expect(requests).toMatchObject([{ url: '/webhook/abc', headers: { 'x-signalbox-key': KEY } }])
    answer = (_request, response) => response.writeHead(401).end()
    const refused = 'The webhook answered 401. The key or header was not accepted: check it and save the connection again.'
    expect(await serviceOf().test(webhook.id)).toMatchObject({ succeeded: false, message: refused })

    const asked = await serviceOf().save(model())
    const completion = { model: 'llama3:8b', choices: [{ message: { content: 'ready' } }] }
    answer = (_request, response) => response.end(JSON.stringify(completion))
    expect(await serviceOf().test(asked.id)).toMatchObject({ succeeded: true, message: 'llama3:8b answered.' })
    expect(requests.at(-1)).toMatchObject({ url: '/v1/chat/completions', headers: { authorization: `Bearer ${KEY}` } })
    answer = (_request, response) => response.writeHead(500).end()
    expect(await serviceOf().test(asked.id)).toMatchObject({
      succeeded: false,
      message: 'The model’s server answered 500. The other side has a fault: try again later.'.replace('model’s', "model's"),
    })
  })

  it('are the models that its agents name, by either protocol; the one saved last is its default', async () => {
    const anthropic = { baseUrl: `${origin}/v1`, apiKey: KEY, model: 'claude-haiku-4-5' }
    await serviceOf().save({ kind: CredentialKind.ANTHROPIC, anthropic })
    await serviceOf().save(model())
    const saved = await serviceOf().save({ kind: CredentialKind.ANTHROPIC, anthropic })
    expect(saved).toMatchObject({ kind: 'ANTHROPIC', hint: 'claude-haiku-4-5, key ending in …5f8d' })
    const message = { type: 'message', model: 'claude-haiku-4-5', content: [{ type: 'text', text: 'ready' }], usage: {} }
    const completion = { choices: [{ message: { content: 'ready' }, finish_reason: 'stop' }] }
    answer = ({ url }, response) => response.end(JSON.stringify(url === '/v1/messages' ? message : completion))
    expect(await serviceOf().test(saved.id)).toMatchObject({ succeeded: true, message: 'claude-haiku-4-5 answered.' })
    const tools = new OrganizationModels(bed.orm, parts, { default: testModel, remote: () => null }, log)
    const { modelNamed } = await tools.of(bed.organizationId)
    const request = { text: 'x', label: 'x', instructions: '', evidence: [] }
    requests.length = 0
    for (const asked of ['default', 'openai:llama3:70b', 'anthropic:claude-opus-5-5'].map(modelNamed))
      expect((await asked.draft(request)).text).toBe('ready')
    expect(
      requests.map(({ url, headers, body }) => [
        url,
        headers['x-api-key'] ?? headers.authorization,
        (JSON.parse(body) as { model: string }).model,
      ]),
    ).toEqual([
      ['/v1/messages', KEY, 'claude-haiku-4-5'],
      ['/v1/chat/completions', `Bearer ${KEY}`, 'llama3:70b'],
      ['/v1/messages', KEY, 'claude-opus-5-5'],
    ])
    const others = await tools.of(randomUUID())
    expect(others.modelNamed('default').name).toBe('test')
    await expect(others.modelNamed('openai:gpt-5').draft(request)).rejects.toMatchObject({ misconfigured: true })
  })

  it('do not reach a private network: tried, or used by a run', async () => {
    const { id } = await serviceOf().save(n8n({ url: 'https://127.0.0.1/internal' }))
    expect(await serviceOf().test(id)).toMatchObject({
      succeeded: false,
      message: 'The webhook was not called. The address does not lead to the public internet.',
    })
  })

  it('are where its n8n listens, before what the operator configured; others keep the operator’s', async () => {
    await serviceOf().save(n8n())
    const operator = { url: 'https://n8n.operator.example/webhook', egress: parts.egress }
    const targets = n8nTargets(bed.orm, { ...parts, policy: {} }, operator)
    expect(await targets(bed.organizationId)).toMatchObject({
      url: expect.stringMatching(/\/webhook\/abc$/),
      header: { name: 'X-Signalbox-Key', value: KEY },
    })
    await eventually(async () => expect((await serviceOf().list())[0]!.lastUsedAt).toBeInstanceOf(Date))
    expect(await targets(randomUUID())).toBe(operator)
  })

  it('cannot be used, and the log says why, when their key is not in the key file', async () => {
    const lines: string[] = []
    const listening = { error: (_fields: object, message: string) => lines.push(message), warn: () => {} } as never
    const others = new Envelope(new KeyFileProvider({ text: testKeys('k9') }))
    const operator = { default: testModel, remote: () => null }
    const tools = new OrganizationModels(bed.orm, { ...parts, envelope: others }, operator, listening)
    await serviceOf().save(model())
    const { modelNamed } = await tools.of(bed.organizationId)
    const request = { text: 'x', label: 'x', instructions: '', evidence: [] }
    await expect(modelNamed('default').draft(request)).rejects.toMatchObject({ name: 'ModelError', retryable: true })
    expect(lines).toEqual([expect.stringMatching(/^a connection cannot be used: The encryption key "k1" is not in the key file/)])
    expect((await modelNamed('default > offline').draft(request)).usage.model).toBe('offline')
    expect(requests).toEqual([])
  })
})

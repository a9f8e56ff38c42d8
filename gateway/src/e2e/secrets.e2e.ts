import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { dumpDatabase, readTree, scan, type Finding, type Secret } from './testkit/secret-scan.ts'
import { asServiceClient, codeFor, Session, system } from './testkit/session.ts'

const required = (name: string) => process.env[name] ?? ''
const dataDirectory = required('SIGNALBOX_DATA_DIR')
const databaseUrl = required('SIGNALBOX_DATABASE_URL')
const knowledgeUrl = required('SIGNALBOX_KNOWLEDGE_URL')
const repository = fileURLToPath(new URL('../../../', import.meta.url))
const BUILT = [
  'gateway/dist',
  'subgraphs/auth/dist',
  'subgraphs/workflow/dist',
  'subgraphs/telemetry/dist',
  'subgraphs/shared/dist',
]
const SENT_TO_CLIENTS = ['web/dist', 'schema']

const random = (prefix: string) => `${prefix}-${randomBytes(18).toString('base64url')}`

/** What the machine was started with: each file, and the keys within those that are JSON. */
function secretsOfTheMachine(): Secret[] {
  const folder = join(dataDirectory, 'secrets')
  return readdirSync(folder).flatMap((name) => {
    const value = readFileSync(join(folder, name), 'utf8').trim()
    if (!value.startsWith('{')) return [{ name, value }]
    const { d, keys = {} } = JSON.parse(value) as { d?: string; keys?: Record<string, string> }
    const parts = [...(d === undefined ? [] : [d]), ...Object.values(keys)]
    return [{ name, value }, ...parts.map((part) => ({ name: `${name}, a key of it`, value: part }))]
  })
}

/**
 * A person of the agency, where nothing runs, signs in and stumbles; a program comes and goes; connections are saved and used. Everything
 * secret of it is remembered.
 */
async function goThroughTheSystem(secrets: Secret[]) {
  const owner = new Session(system.url)
  const challenge = async (address: string) => {
    const asked = Date.now()
    const { requestOtp } = await owner.expect(
      'mutation ($input: RequestOtpInput!) { requestOtp(input: $input) { challengeId } }',
      {
        input: { channel: 'EMAIL', address },
      },
    )
    const code = await codeFor(address, asked)
    secrets.push({ name: 'a one-time code', value: code })
    return { challengeId: requestOtp.challengeId as string, code }
  }
  const verify = (input: object) =>
    owner.graphql('mutation ($input: VerifyOtpInput!) { verifyOtp(input: $input) { viewer { role } } }', { input })
  const { challengeId, code } = await challenge('admin@northwind.example')
  const wrong = code === '123456' ? '654321' : '123456'
  expect((await verify({ challengeId, code: wrong })).errors).toHaveLength(1)
  expect((await verify({ challengeId, code })).errors).toBeUndefined()
  remember(secrets, owner, 'at sign-in')
  await owner.expect('mutation { refreshSession { viewer { role } } }')
  remember(secrets, owner, 'after a renewal')

  await letAProgramIn(owner, secrets)
  await tryConnections(owner, secrets)
  await stumble(owner, secrets)
  await owner.expect('mutation { signOut(input: { everywhere: false }) { signedOut } }').catch(() => {})
}

/** The session's cookies: access and refresh token among them. */
function remember(secrets: Secret[], session: Session, when: string) {
  expect(session.cookies.size).toBeGreaterThanOrEqual(2)
  for (const [name, value] of session.cookies) {
    if (value.length < 20) continue
    secrets.push({ name: `the cookie ${name} ${when}`, value })
    // Of a token its signature is what nobody else can make.
    if (value.split('.').length === 3) secrets.push({ name: `the signature of ${name} ${when}`, value: value.split('.')[2]! })
  }
}

async function letAProgramIn(owner: Session, secrets: Secret[]) {
  const input = { name: 'Secret scan', scopes: ['wrm:read'], kind: 'CONFIDENTIAL', redirectUris: [] }
  const { createServiceClient: made } = await owner.expect(
    'mutation ($input: CreateServiceClientInput!) { createServiceClient(input: $input) { secret serviceClient { id clientId } } }',
    { input },
  )
  secrets.push({ name: 'a service client’s secret', value: made.secret })
  const program = await asServiceClient(made.serviceClient.clientId, made.secret)
  secrets.push({ name: 'a service client’s token', value: program.token! })
  await program.expect('{ runs(first: 1) { totalCount } }')
  await expect(asServiceClient(made.serviceClient.clientId, `${made.secret}x`)).rejects.toThrow('no token')
  const byBody = await fetch(`${system.url}/oidc/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: made.serviceClient.clientId,
      client_secret: made.secret,
    }),
  })
  secrets.push({
    name: 'a service client’s second token',
    value: ((await byBody.json()) as { access_token: string }).access_token,
  })
  await owner.expect(
    'mutation ($input: RevokeServiceClientInput!) { revokeServiceClient(input: $input) { serviceClient { id } } }',
    {
      input: { id: made.serviceClient.id },
    },
  )
}

async function tryConnections(owner: Session, secrets: Secret[]) {
  const [path, header, key] = [random('webhook'), random('header'), random('sk')]
  secrets.push({ name: 'the path of a webhook', value: path })
  secrets.push({ name: 'the header of a webhook', value: header })
  secrets.push({ name: 'the key of a model', value: key })
  const inputs = [
    { kind: 'N8N_WEBHOOK', n8nWebhook: { url: `https://127.0.0.1/${path}`, headerName: 'X-Key', headerValue: header } },
    { kind: 'OPENAI', openAi: { baseUrl: 'https://localhost/v1', apiKey: key, model: 'none' } },
  ]
  for (const input of inputs) {
    const { saveCredential } = await owner.expect(
      'mutation ($input: SaveCredentialInput!) { saveCredential(input: $input) { credential { id hint } } }',
      { input },
    )
    const { id } = saveCredential.credential
    const { testCredential } = await owner.expect(
      'mutation ($input: TestCredentialInput!) { testCredential(input: $input) { succeeded message } }',
      { input: { id } },
    )
    expect(testCredential).toMatchObject({
      succeeded: false,
      message: expect.stringContaining('does not lead to the public internet'),
    })
  }
  const refused = { kind: 'OPENAI', openAi: { baseUrl: 'http://localhost/v1', apiKey: key, model: 'two words' } }
  const { errors } = await owner.graphql(
    'mutation ($i: SaveCredentialInput!) { saveCredential(input: $i) { credential { id } } }',
    {
      i: refused,
    },
  )
  expect(errors![0]!.extensions['code']).toBe('BAD_USER_INPUT')
}

/** Errors are where secrets get into logs. */
async function stumble(owner: Session, secrets: Secret[]) {
  const forged = `${random('eyJ')}.${random('forged')}.${random('signature')}`
  secrets.push({ name: 'a forged token', value: forged })
  expect((await new Session(system.url, forged).graphql('{ viewer { role } }')).status).toBe(401)
  const literal = random('in-the-text')
  secrets.push({ name: 'a secret in the text of an operation', value: literal })
  await owner.graphql(
    `mutation { saveCredential(input: { kind: OPENAI, openAi: { apiKey: "${literal}", model: "m", nonsense: 1 } }) { x } }`,
  )
  await owner.graphql(`mutation { saveCredential(input: { kind: OPENAI, openAi: { apiKey: "${literal}"`)
  await owner.fetch(`/oidc/auth?client_id=none&client_secret=${literal}&code=${literal}`)
  await owner.fetch(`/graphql?access_token=${literal}`, { headers: { authorization: `Basic ${btoa(`user:${literal}`)}` } })
}

const PLANTED_URL = databaseUrl.replace(/\/\w+$/, '/planted')

/** A row that hides a secret in bytes, and a private key in JSON within JSON. */
async function plant(value: string) {
  const client = new pg.Client({ connectionString: PLANTED_URL })
  await client.connect()
  const jwk = JSON.stringify({ kty: 'EC', d: 'x'.repeat(43) })
  await client.query('create table rows (bytes bytea, jwk jsonb)')
  await client.query('insert into rows values ($1, $2)', [Buffer.from(Buffer.from(value).toString('base64')), { jwk }])
  await client.end()
}

describe('no secret is left behind', () => {
  const secrets: Secret[] = []
  const told = (findings: Finding[]) => findings.map(({ secret, form, where }) => `${secret} (${form}) in ${where}`)

  beforeAll(async () => {
    secrets.push(...secretsOfTheMachine())
    expect(secrets.length).toBeGreaterThan(15)
    await goThroughTheSystem(secrets)
  }, 60_000)

  afterAll(async () => {
    const client = new pg.Client({ connectionString: databaseUrl })
    await client.connect()
    await client.query("delete from workflow.credentials where host in ('127.0.0.1', 'localhost')")
    await client.end()
  })

  it('in the logs of any part', () => {
    const logs = readTree(join(dataDirectory, 'logs'))
    expect(logs.map(({ name }) => name.split('/').at(-1))).toEqual(
      expect.arrayContaining(['auth.log', 'gateway.log', 'workflow.log', 'worker.log', 'telemetry.log', 'postgres.log']),
    )
    expect(told(scan(secrets, logs))).toEqual([])
  })

  it('in the database, whatever the table', async () => {
    const dump = await dumpDatabase(databaseUrl, 'database')
    const tables = dump.map(({ name }) => name)
    expect(tables).toEqual(
      expect.arrayContaining(['database workflow.credentials', 'database auth.sessions', 'database events.log']),
    )
    expect(dump.find(({ name }) => name.endsWith('workflow.credentials'))!.text.length).toBeGreaterThan(500)
    expect(told(scan(secrets, dump))).toEqual([])
  })

  it('in the knowledge index', async () => {
    const dump = await dumpDatabase(knowledgeUrl, 'knowledge')
    expect(dump.some(({ name, text }) => name.includes('knowledge.') && text.length > 1_000)).toBe(true)
    expect(told(scan(secrets, dump))).toEqual([])
  })

  it('in what was built, and in what browsers and partners are given', () => {
    const files = readTree(...[...BUILT, ...SENT_TO_CLIENTS].map((path) => join(repository, path)))
    expect(files.length).toBeGreaterThan(200)
    expect(
      told(
        scan(
          secrets.filter(({ name }) => name !== 'a one-time code'),
          files,
        ),
      ),
    ).toEqual([])
  })

  it('because the scan finds what was planted: in a file and a table, plain or encoded', async () => {
    const planted: Secret[] = [
      { name: 'planted', value: random('planted/+"ü') },
      { name: 'a planted code', value: '918273' },
    ]
    const { value } = planted[0]!
    const file = join(dataDirectory, 'logs/planted.log')
    const pem = ['-----BEGIN', 'PRIVATE', 'KEY-----\n'].join(' ')
    const client = new pg.Client({ connectionString: databaseUrl })
    await client.connect()
    try {
      const forms = [value, JSON.stringify({ value }), encodeURIComponent(value), Buffer.from(`xx${value}x`).toString('base64')]
      const hidden = [...forms, Buffer.from(`x${value}`).toString('base64url'), Buffer.from(value).toString('hex').toUpperCase()]
      for (const text of hidden) {
        writeFileSync(file, `{"level":30,"msg":"${text}"}\n`, 'utf8')
        expect([text, scan(planted, [{ name: file, text: readFileSync(file, 'utf8') }])]).toEqual([text, [expect.anything()]])
      }
      writeFileSync(file, 'the code is 918273\n' + pem)
      expect(scan(planted, readTree(join(dataDirectory, 'logs'))).map(({ secret }) => secret)).toEqual([
        'a planted code',
        'a private key',
      ])
      await client.query('create database planted')
      await plant(value)
      expect(told(scan(planted, await dumpDatabase(PLANTED_URL, 'planted')))).toEqual([
        'planted (base64) in planted rows',
        'a private key (plain) in planted rows',
      ])
    } finally {
      rmSync(file, { force: true })
      await client.query('drop database if exists planted with (force)')
      await client.end()
    }
  })
})

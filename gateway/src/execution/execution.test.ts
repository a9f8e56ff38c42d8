import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { getIntrospectionQuery } from 'graphql'
import { codesOf, post, until } from '../testkit/client.ts'
import { startPlatform, type Platform } from '../testkit/platform.ts'

let platform: Platform
let token: string

beforeAll(async () => {
  platform = await startPlatform()
  token = await platform.issuer.sign()
})
afterAll(() => platform[Symbol.asyncDispose]())

const FEDERATED = '{ runs { id status cost { total } startedBy { name } } }'
const RUNS = [
  { id: 'r1', status: 'RUNNING', cost: { total: 0.01 }, startedBy: { name: 'Ada' } },
  { id: 'r2', status: 'RUNNING', cost: { total: 0.02 }, startedBy: { name: 'Ada' } },
]

describe('a federated query', () => {
  it('joins fields of three subgraphs, each of which gets the token and the request id', async () => {
    const answer = await post(platform, FEDERATED, { token, headers: { 'x-request-id': 'story-12345' } })
    expect(answer).toMatchObject({ status: 200, body: { data: { runs: RUNS } } })
    expect(answer.headers.get('x-request-id')).toBe('story-12345')
    for (const subgraph of [platform.auth, platform.workflow, platform.telemetry]) {
      expect(subgraph.requests.at(-1)).toMatchObject({ requestId: 'story-12345', viewer: { token } })
    }
  })

  it('makes a request id where none, or no decent one, was sent', async () => {
    for (const headers of [{}, { 'x-request-id': 'a b' }] as Record<string, string>[]) {
      const { headers: answered } = await post(platform, '{ viewer { id } }', { headers })
      expect(answered.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    }
  })

  it('keeps to the operation that is named', async () => {
    const document = 'query A { viewer { id } } query B { runs { id } }'
    const response = await fetch(`${platform.gateway.address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: document, operationName: 'A' }),
    })
    expect(await response.json()).toEqual({ data: { viewer: null } })
    expect(await post(platform, document)).toMatchObject({
      status: 400,
      body: { errors: [{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }] },
    })
  })

  it('names each variable that does not fit', async () => {
    const query = 'mutation ($input: StartRunInput!) { startRun(input: $input) { id } }'
    const { status, body } = await post(platform, query, { token, variables: { input: { text: 'hello', tags: ['a', 7] } } })
    expect(status).toBe(400)
    expect(body.errors![0]!.extensions).toEqual({
      code: 'BAD_USER_INPUT',
      fields: [{ path: 'input.tags[1]', message: 'must be of the type String!' }],
    })
    const missing = await post(platform, query, { token })
    expect(missing.body.errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input' }] })
  })
})

describe('an unreachable subgraph', () => {
  it('leaves its fields null, says which without telling the address, and recovers', async () => {
    await platform.telemetry.stop()
    const answer = await post(platform, FEDERATED, { token })
    expect(answer.status).toBe(200)
    expect(answer.body.data).toEqual({ runs: RUNS.map((run) => ({ ...run, cost: null })) })
    const extensions = { code: 'UNAVAILABLE', service: 'telemetry' }
    expect(answer.body.errors).toMatchObject([
      { path: ['runs', 0, 'cost'], extensions },
      { path: ['runs', 1, 'cost'], extensions },
    ])
    expect(JSON.stringify(answer.body)).not.toMatch(/127\.0\.0\.1|ECONN|4\d\d\d/)
    const ready = await fetch(`${platform.gateway.address}/ready`)
    expect(ready.status).toBe(503)
    expect(await ready.json()).toEqual({ status: 'degraded', parts: { auth: 'ok', workflow: 'ok', telemetry: 'down' } })

    await platform.telemetry.start()
    expect((await post(platform, FEDERATED, { token })).body).toEqual({ data: { runs: RUNS } })
    expect((await fetch(`${platform.gateway.address}/ready`)).status).toBe(200)
  })

  it('fails a root field of its own with the same code', async () => {
    await platform.workflow.stop()
    const answer = await post(platform, '{ all: runs { id } viewer { name } }', { token })
    expect(answer.body).toMatchObject({
      data: null,
      errors: [{ path: ['all'], extensions: { code: 'UNAVAILABLE', service: 'workflow' } }],
    })
    await platform.workflow.start()
    await until(
      'workflow answers again',
      async () => (await post(platform, '{ runs { id } }', { token })).body.data !== undefined,
    )
  })
})

describe('errors of subgraphs', () => {
  it('pass on their code and extensions unchanged', async () => {
    const answer = await post(platform, '{ fails }', { token })
    expect(answer).toMatchObject({ status: 200 })
    expect(answer.body.errors).toEqual([{ message: 'Not this one.', path: ['fails'], extensions: { code: 'FORBIDDEN' } }])
  })

  it('become HTTP 429 with Retry-After where a limit was reached', async () => {
    const answer = await post(platform, '{ limited }', { token })
    expect(answer.status).toBe(429)
    expect(answer.headers.get('retry-after')).toBe('7')
    expect(answer.body.errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 7 } }])
  })

  it('become HTTP 401 where the subgraph does not know the caller', async () => {
    const answer = await post(platform, 'mutation { refreshSession { id } }')
    expect(answer).toMatchObject({
      status: 401,
      body: { errors: [{ path: ['refreshSession'], extensions: { code: 'UNAUTHENTICATED' } }] },
    })
  })

  it('are masked when nobody expected them', async () => {
    const answer = await post(platform, '{ broken }', { token })
    expect(answer.body.errors).toMatchObject([{ message: 'Something went wrong on our side.', extensions: { code: 'INTERNAL' } }])
    expect(JSON.stringify(answer.body)).not.toContain('10.0.0.7')
  })
})

describe('admission', () => {
  const refused = async (query: string, scope: string) => {
    const before = platform.workflow.requests.length + platform.auth.requests.length
    const answer = await post(platform, query, { token: await platform.issuer.sign({ scope }) })
    expect(platform.workflow.requests.length + platform.auth.requests.length).toBe(before)
    return answer
  }

  it('answers 401 where a token is missing, and asks no subgraph', async () => {
    const before = platform.workflow.requests.length
    for (const query of ['{ runs { id } }', '{ viewer { id } runs { id } }', '{ secret { text } }', '{ closed }']) {
      const answer = await post(platform, query)
      expect(answer).toMatchObject({ status: 401, body: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } })
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
      expect(answer.body.data).toBeUndefined()
    }
    expect(platform.workflow.requests.length).toBe(before)
  })

  it('refuses the whole operation with FORBIDDEN for each field whose scope is missing, by its response path', async () => {
    const answer = await refused('{ viewer { name mail: email } list: runs { id } }', 'kpi:read')
    expect(answer.status).toBe(200)
    expect(answer.body.data).toBeUndefined()
    expect(answer.body.errors).toEqual([
      { message: 'viewer.mail needs the scope org:admin.', path: ['viewer', 'mail'], extensions: { code: 'FORBIDDEN' } },
      { message: 'list needs the scope wrm:read.', path: ['list'], extensions: { code: 'FORBIDDEN' } },
    ])
  })

  it('looks through fragments, named and inline', async () => {
    const query =
      '{ viewer { ...Named ... on User { again: email } } } fragment Named on User { name ...Deep } fragment Deep on User { email }'
    expect((await refused(query, 'wrm:read')).body.errors).toMatchObject([
      { path: ['viewer', 'email'], extensions: { code: 'FORBIDDEN' } },
    ])
  })

  it('asks of an interface field what its implementations ask', async () => {
    expect(codesOf(await refused('{ members { id note } }', 'wrm:read'))).toEqual(['FORBIDDEN'])
    expect((await post(platform, '{ members { id } }', { token })).body.errors).toBeUndefined()
    const audit = await platform.issuer.sign({ scope: 'wrm:read audit:read' })
    expect((await post(platform, '{ members { note } me { note } }', { token: audit })).body).toEqual({
      data: { members: [{ note: 'likes tea' }], me: { note: 'likes tea' } },
    })
  })

  it('denies an empty list of scopes to everybody', async () => {
    const answer = await refused('{ closed }', 'org:admin wrm:read')
    expect(answer.body.errors).toMatchObject([{ message: 'closed is closed to everybody.', extensions: { code: 'FORBIDDEN' } }])
  })

  it('serves no plan of one caller to the next', async () => {
    const query = '{ viewer { name email } }'
    const admin = await platform.issuer.sign({ scope: 'org:admin' })
    expect((await post(platform, query, { token: admin })).body.data).toEqual({
      viewer: { name: 'Ada', email: 'ada@harbour.example' },
    })
    expect(codesOf(await refused(query, 'wrm:read'))).toEqual(['FORBIDDEN'])
    expect((await post(platform, query)).status).toBe(401)
  })

  it('leaves public fields open', async () => {
    expect(await post(platform, '{ viewer { name } }')).toMatchObject({ status: 200, body: { data: { viewer: null } } })
  })

  it('opens introspection to readers, and suggests no field to anybody', async () => {
    const query = '{ __schema { queryType { name } } }'
    expect((await post(platform, query, { token })).body).toEqual({ data: { __schema: { queryType: { name: 'Query' } } } })
    expect(codesOf(await post(platform, query))).toEqual(['GRAPHQL_VALIDATION_FAILED'])
    const misspelt = await post(platform, '{ runz { id } }', { token })
    expect(misspelt.status).toBe(400)
    expect(misspelt.body.errors![0]!.message).toBe('Cannot query field "runz" on type "Query".')
  })
})

describe('limits', () => {
  const tooComplex = async (query: string) => {
    const answer = await post(platform, query, { token })
    expect(answer.status).toBe(400)
    return answer.body.errors!.map(({ extensions }) => extensions)
  }

  it('counts aliases and root fields', async () => {
    const query = `{ ${Array.from({ length: 51 }, (_, index) => `a${index}: __typename`).join(' ')} }`
    expect(await tooComplex(query)).toEqual([
      { code: 'QUERY_TOO_COMPLEX', cost: 51, limit: 50 },
      { code: 'QUERY_TOO_COMPLEX', cost: 51, limit: 50 },
    ])
  })

  it('counts levels through fragments', async () => {
    const query =
      '{ __schema { ...T } } fragment T on __Schema { types { ...F } } fragment F on __Type { ' +
      'ofType { '.repeat(14) +
      'name' +
      ' }'.repeat(15)
    expect(await tooComplex(query)).toEqual([{ code: 'QUERY_TOO_COMPLEX', cost: 17, limit: 15 }])
  })

  it('counts lists and objects within one another in a literal', async () => {
    const query = `{ __type(name: ${'['.repeat(50)}${']'.repeat(50)}) { name } }`
    expect(await tooComplex(query)).toContainEqual({ code: 'QUERY_TOO_COMPLEX', cost: 50, limit: 10 })
  })

  it('stops reading after so many tokens', async () => {
    expect(await tooComplex(`{ ${'__typename '.repeat(4_001)} }`)).toEqual([{ code: 'QUERY_TOO_COMPLEX', limit: 4_000 }])
  })

  it('lets the introspection of common tools through', async () => {
    expect((await post(platform, getIntrospectionQuery(), { token })).body.errors).toBeUndefined()
  })

  it('takes a fragment within itself for invalid, and comes back', async () => {
    const answer = await post(platform, '{ viewer { ...A } } fragment A on User { id ...A }', { token })
    expect(codesOf(answer)).toEqual(['GRAPHQL_VALIDATION_FAILED'])
  })
})

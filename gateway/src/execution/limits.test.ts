import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { post, type Answer } from '../testkit/client.ts'
import { startPlatform, type Platform } from '../testkit/platform.ts'

let platform: Platform
let token: string

// As in production, except that nobody introspects anyway.
beforeAll(async () => {
  platform = await startPlatform({ nodeEnv: 'production' })
  token = await platform.issuer.sign()
})
afterAll(() => platform[Symbol.asyncDispose]())

const ask = (query: string, variables?: Record<string, unknown>) =>
  post(platform, query, { token, ...(variables && { variables }) })
const START = 'mutation ($input: StartRunInput!) { startRun(input: $input) { id } }'

describe('an operation that is too much', () => {
  it.each<[string, string, Record<string, unknown> | undefined, string, Record<string, unknown>]>([
    [
      'directives',
      `{ runs { ${'id @include(if: true) '.repeat(51)} } }`,
      undefined,
      'The operation has more than 50 directives.',
      { cost: 51, limit: 50 },
    ],
    [
      'fields of one name',
      `{ ${'... { runs { id } } '.repeat(102)} }`,
      undefined,
      'The operation has more than 100 fields that stand beside one of the same name.',
      { cost: 101, limit: 100 },
    ],
    [
      'spreads of fragments',
      `{ runs { ${'...F '.repeat(101)} } } fragment F on Run { id }`,
      undefined,
      'The operation has more than 100 spreads of fragments.',
      { cost: 101, limit: 100 },
    ],
    [
      'items in a list of its variables',
      START,
      { input: { text: 'a', tags: Array(1_001).fill('a') } },
      'The operation has more than 1000 items in one list.',
      { cost: 1_001, limit: 1_000 },
    ],
    [
      'items in a literal',
      `mutation { startRun(input: { text: "a", tags: [${'"a" '.repeat(1_001)}] }) { id } }`,
      undefined,
      'The operation has more than 1000 items in one list.',
      { cost: 1_001, limit: 1_000 },
    ],
    [
      'items on a page',
      '{ history(first: 501) { nodes { id } } }',
      undefined,
      'The operation has more than 500 items on one page (first or last).',
      { cost: 501, limit: 500 },
    ],
    [
      'items on a page by a variable',
      'query ($n: Int) { history(last: $n) { nodes { id } } }',
      { n: 100_000 },
      'The operation has more than 500 items on one page (first or last).',
      { cost: 100_000, limit: 500 },
    ],
    [
      'objects in pages of pages',
      '{ history(first: 100) { nodes { history(first: 100) { nodes { id } } } } }',
      undefined,
      'The operation has more than 5000 objects that may come back; ask for smaller pages.',
      { cost: 10_201, limit: 5_000 },
    ],
    [
      'mutations of accounts by aliases',
      'mutation { a: verifyOtp(code: "1") { id } b: verifyOtp(code: "2") { id } }',
      undefined,
      'An operation may hold one mutation of accounts and sign-in; send the others one by one.',
      { cost: 2, limit: 1 },
    ],
    [
      'mutations of accounts by fragments',
      'mutation { ...A refreshSession { id } } fragment A on Mutation { signOut }',
      undefined,
      'An operation may hold one mutation of accounts and sign-in; send the others one by one.',
      { cost: 2, limit: 1 },
    ],
  ])('by its %s is refused, and no subgraph is asked', async (_what, query, variables, message, extensions) => {
    const asked = () => platform.auth.requests.length + platform.workflow.requests.length
    const before = asked()
    const { status, body } = await ask(query, variables)
    expect(status).toBe(400)
    expect(body.data).toBeUndefined()
    const errors = body.errors!.map(({ message: said, extensions: more }) => ({ message: said, extensions: more }))
    expect(errors).toEqual([{ message, extensions: { code: 'QUERY_TOO_COMPLEX', ...extensions } }])
    expect(asked()).toBe(before)
  })

  it('passes at the limits', async () => {
    for (const [query, variables] of [
      ['{ history(first: 500) { nodes { id } } }', undefined],
      [START, { input: { text: 'a', tags: Array(1_000).fill('a') } }],
      ['mutation { verifyOtp(code: "1") { id } startRun(input: { text: "a" }) { id } }', undefined],
    ] as const) {
      expect((await ask(query, variables)).body.errors).toBeUndefined()
    }
  })

  it('may not come as one of a batch', async () => {
    const body = JSON.stringify([{ query: '{ viewer { id } }' }, { query: '{ viewer { id } }' }])
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${platform.gateway.address}/graphql`, { method: 'POST', headers, body })
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({
      errors: [{ message: expect.stringMatching(/batch/i), extensions: { code: 'BAD_REQUEST' } }],
    })
  })
})

describe('an error about input', () => {
  const SECRET = 'a-secret-that-nobody-may-read'
  const saysNothing = ({ body }: Answer) => {
    const text = JSON.stringify(body)
    expect(text).not.toContain(SECRET)
    expect(text).not.toMatch(/did you mean|stack|node_modules/i)
    return body.errors!
  }

  it.each<[string, unknown, { path: string; message: string }[]]>([
    [
      'a value of another type',
      { text: 'a', tags: ['a', { x: SECRET }] },
      [{ path: 'input.tags[1]', message: 'must be of the type String!' }],
    ],
    ['no object', SECRET, [{ path: 'input', message: 'must be of the type StartRunInput!' }]],
    ['null', null, [{ path: 'input', message: 'must be of the type StartRunInput!' }]],
    [
      'a field that does not exist',
      { text: 'a', [SECRET]: 1 },
      [{ path: 'input', message: 'has a field that StartRunInput does not have' }],
    ],
    [
      'a field nearly right',
      { text: 'a', tagz: [] },
      [{ path: 'input', message: 'has a field that StartRunInput does not have' }],
    ],
    ['a field missing', { tags: [] }, [{ path: 'input.text', message: 'is needed: String!' }]],
    [
      'two faults',
      { tags: [SECRET.length] },
      [
        { path: 'input.tags[0]', message: 'must be of the type String!' },
        { path: 'input.text', message: 'is needed: String!' },
      ],
    ],
  ])('in the variables (%s) says where and what is expected, and never what was sent', async (_what, input, fields) => {
    const answer = await ask(START, { input })
    expect(answer.status).toBe(400)
    const [error, ...others] = saysNothing(answer)
    expect(others).toEqual([])
    expect(error!.extensions).toEqual({ code: 'BAD_USER_INPUT', fields: expect.arrayContaining(fields) })
    expect(error!.extensions['fields']).toHaveLength(fields.length)
    expect(error!.message).toMatch(/^The variables do not fit: \$input/)
  })

  it('says that a variable is missing', async () => {
    const { errors } = (await ask(START)).body
    expect(errors).toMatchObject([
      {
        message: 'The variables do not fit: $input is needed: StartRunInput!.',
        extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'input', message: 'is needed: StartRunInput!' }] },
      },
    ])
  })

  it.each([
    ['a string for a number', `{ history(first: "${SECRET}") { nodes { id } } }`, 'Expected a value of type "Int".'],
    [
      'an object for a string',
      `mutation { startRun(input: { text: { a: "${SECRET}" } }) { id } }`,
      'Expected a value of type "String".',
    ],
    ['an object for an id', `{ run(id: [{ a: "${SECRET}" }]) { id } }`, 'Expected a value of type "ID".'],
    ['no object', `mutation { startRun(input: "${SECRET}") { id } }`, 'Expected a value of type "StartRunInput!".'],
    ['a string out of place', `{ run(id: 1) { "${SECRET}" } }`, 'Syntax Error: Expected Name, found String.'],
    ['a name out of place', `{ run(id: 1) } ${SECRET.replaceAll('-', '_')}`, 'Syntax Error: Unexpected Name.'],
    ['a string without an end', `{ run(id: "${SECRET}`, 'Syntax Error: Unterminated string.'],
  ])('in the document (%s) says what is expected, and never what was sent', async (_what, query, message) => {
    const answer = await ask(query)
    expect(answer.status).toBe(400)
    const [error] = saysNothing({
      ...answer,
      body: JSON.parse(JSON.stringify(answer.body).replaceAll(SECRET.replaceAll('-', '_'), SECRET)) as Answer['body'],
    })
    expect(error!.message).toBe(message)
  })

  it.each([
    ['a field', '{ runz { id } }', 'Cannot query field "runz" on type "Query".'],
    ['an argument', '{ run(di: "1") { id } }', 'Unknown argument "di" on field "Query.run".'],
    ['a type', '{ viewer { ... on Uzer { id } } }', 'Unknown type "Uzer".'],
    ['a directive', '{ viewer { id @inklude(if: true) } }', 'Unknown directive "@inklude".'],
  ])('of a misspelt name (%s) suggests none of ours', async (_what, query, message) => {
    expect(saysNothing(await ask(query))[0]).toMatchObject({ message, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })
  })

  it('of a name of an operation does not repeat it', async () => {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ query: 'query A { viewer { id } }', operationName: SECRET })
    const response = await fetch(`${platform.gateway.address}/graphql`, { method: 'POST', headers, body })
    expect([response.status, await response.json()]).toEqual([
      400,
      {
        errors: [
          {
            message: 'There is no operation of that name in the document.',
            extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
          },
        ],
      },
    ])
  })
})

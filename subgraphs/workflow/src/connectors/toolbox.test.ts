import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { readdirSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { AccountKind } from '../accounts/account.type.ts'
import { OtherSide } from '../testing/other-side.ts'
import { openOutside, type Outside } from '../testing/outside.ts'
import { viewerOf, WorkflowTestbed } from '../testing/testkit.ts'
import { connectorOf, CONNECTORS } from './registry.ts'

const SECRET = 'Bearer sk-9f8e7d6c5b4a39281706'
const PETS = `
openapi: 3.0.3
info: { title: Pets, version: "1" }
paths:
  /pets/{pet}/notes:
    parameters:
      - { name: pet, in: path, required: true, schema: { type: string } }
    post:
      operationId: addNote
      summary: Adds a note to a pet.
      parameters:
        - { name: tag, in: query, schema: { type: array, items: { type: string } } }
        - { name: X-Trace, in: header, schema: { type: string, pattern: "^[a-z]+$" } }
      requestBody:
        required: true
        content: { application/json: { schema: { $ref: "#/components/schemas/Note" } } }
      responses: { "200": { description: ok } }
components:
  schemas:
    Note:
      type: object
      required: [text]
      properties:
        text: { type: string, nullable: true }
        stars: { type: integer, minimum: 0, exclusiveMinimum: true }
        replies: { type: array, items: { $ref: "#/components/schemas/Note" } }
`

describe('the toolbox', () => {
  let bed: WorkflowTestbed
  let side: OtherSide
  let outside: Outside

  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
    side = await OtherSide.listen()
    outside = openOutside(bed, side.origin)
  })
  beforeEach(async () => {
    side.received.length = 0
    side.answer = (_request, response) => void response.end('{"ok":true}')
    for (const table of ['tools', 'accounts', 'tool_rates', 'tool_calls'])
      await bed.superuser.query(`delete from workflow.${table}`)
    await bed.superuser.query('delete from events.notifications')
  })
  afterAll(async () => {
    await outside[Symbol.asyncDispose]()
    await side[Symbol.asyncDispose]()
    await bed[Symbol.asyncDispose]()
  })

  const save = (name: string, kind: string, settings: object, over = {}) =>
    outside.as().tools.save({ name, kind, settings, description: `Does ${name}.`, enabled: true, ...over })
  const http = (over = {}, more = {}) =>
    save('order', 'http', { method: 'POST', url: `${side.origin}/orders/{{order}}?by={{who}}`, ...over }, more)
  const recorded = async () =>
    (await bed.superuser.query('select * from workflow.tool_calls order by id')).rows as Record<string, unknown>[]

  it('knows every connector of its folder', () => {
    const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.connector.ts'))
    expect(CONNECTORS.map(({ kind }) => `${kind}.connector.ts`).sort()).toEqual(files.sort())
  })

  it('makes a web request of a template, and no value leaves its place', async () => {
    await http({ body: '{"note":"for {{who}}","amount":"{{amount}}"}' })
    const values = { order: 'a/b?c', who: 'Ann & "Bob"', amount: 12 }
    expect(await outside.call('order', values)).toEqual({ result: { status: 200, body: { ok: true } }, replayed: false })
    expect(side.received).toMatchObject([
      { method: 'POST', url: '/orders/a%2Fb%3Fc?by=Ann%20%26%20%22Bob%22', body: '{"note":"for Ann & \\"Bob\\"","amount":12}' },
    ])
    for (const order of ['..', '.', ''])
      await expect(outside.call('order', { ...values, order })).rejects.toMatchObject({ name: 'ToolError', retryable: false })
    expect(side.received).toHaveLength(1)
  })

  it('gives a settled result again for the same key and sends nothing', async () => {
    await http()
    const again = { idempotencyKey: 'run-1:act' }
    const first = await outside.call('order', { order: '7', who: 'x' }, again)
    expect(await outside.call('order', { who: 'x', order: '7' }, again)).toEqual({ ...first, replayed: true })
    expect(side.received).toHaveLength(1)
    await expect(outside.call('order', { order: '8', who: 'x' }, again)).rejects.toThrow('with other data')
  })

  it('does not repeat what the other side could not tell, once nobody knows what came of it', async () => {
    await http()
    const again = { idempotencyKey: 'run-1:act' }
    side.answer = (_request, response) => void response.destroy()
    await expect(outside.call('order', { order: '7', who: 'x' }, again)).rejects.toMatchObject({
      unknown: true,
      retryable: false,
    })
    await expect(outside.call('order', { order: '7', who: 'x' }, again)).rejects.toMatchObject({
      unknown: true,
      retryable: false,
    })
    expect(side.received).toHaveLength(1)
    // A worker that died in between left it so.
    await bed.superuser.query("update workflow.tool_calls set status = 'STARTED'")
    await expect(outside.call('order', { order: '7', who: 'x' }, again)).rejects.toMatchObject({ unknown: true })

    await http({ repeatable: true }, { name: 'repeatable_order' })
    await expect(outside.call('repeatable_order', { order: '7', who: 'x' }, again)).rejects.toMatchObject({ retryable: true })
    side.answer = (_request, response) => void response.end()
    expect(await outside.call('repeatable_order', { order: '7', who: 'x' }, again)).toMatchObject({ result: { body: null } })
    expect(side.received.slice(1).map(({ headers }) => headers['idempotency-key'])).toEqual(['run-1:act', 'run-1:act'])
    expect((await recorded()).map(({ status, attempts }) => [status, attempts])).toEqual([
      ['STARTED', 1],
      ['SUCCEEDED', 2],
    ])
  })

  it('holds each tool to its rate, exactly, however many call at once', async () => {
    await http({}, { ratePerMinute: 3 })
    const calls = Array.from({ length: 8 }, () => outside.call('order', { order: '7', who: 'x' }))
    const outcomes = await Promise.allSettled(calls)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    expect(side.received).toHaveLength(3)
    const refusal = outcomes.find((outcome) => outcome.status === 'rejected')!
    expect(refusal.reason).toMatchObject({
      name: 'ToolError',
      retryable: true,
      message: expect.stringContaining('3 times a minute'),
    })
    expect((refusal.reason as { retryAfterMs: number }).retryAfterMs).toBeLessThanOrEqual(20_000)
    expect(await recorded()).toHaveLength(3)
  })

  it('cuts off and names an answer that is too large, or that lies about its length', async () => {
    await http({ method: 'GET' })
    side.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/octet-stream' })
      const send = (): void => void response.write(Buffer.alloc(65_536), () => !response.destroyed && send())
      send()
    }
    await expect(outside.call('order', { order: '7', who: 'x' })).rejects.toThrow('larger than the 1,048,576 bytes allowed')
    side.answer = (_request, response) => void response.writeHead(200, { 'content-length': '500000000' }).write('x')
    await expect(outside.call('order', { order: '7', who: 'x' })).rejects.toThrow('larger than the 1,048,576 bytes allowed')
    side.answer = (_request, response) =>
      void response.writeHead(200, { 'content-length': '500' }).write('x', () => response.destroy())
    await expect(outside.call('order', { order: '7', who: 'x' })).rejects.toMatchObject({ name: 'ToolError', retryable: true })
  })

  it.each([
    [429, { retryable: true, unknown: false, retryAfterMs: 7_000 }],
    [404, { retryable: false, unknown: false }],
    [302, { retryable: false, unknown: false }],
    [500, { retryable: false, unknown: true }],
  ])('tells what an answer of %d means', async (status, expected) => {
    await http()
    side.answer = (_request, response) => void response.writeHead(status, { 'retry-after': '7' }).end()
    await expect(outside.call('order', { order: '7', who: 'x' })).rejects.toMatchObject(expected)
  })

  it('sends an account’s secret to its host only, and shows it nowhere', async () => {
    const account = (host: string, name: string) =>
      outside.as().accounts.save({ name, kind: AccountKind.HEADER, host, header: { name: 'Authorization', value: SECRET } })
    const { id: elsewhere } = await account('api.example.com', 'Other')
    await expect(http({}, { accountId: elsewhere })).rejects.toMatchObject({
      extensions: { fields: [{ path: 'input.accountId', message: 'this account may be used with api.example.com only' }] },
    })
    const { id: accountId } = await account('127.0.0.1', 'Shop')
    await http({}, { accountId })
    side.answer = ({ headers }, response) =>
      void response.end(JSON.stringify({ echo: headers, token: 'abc', customer: 'ann@example.com', [`x${SECRET.slice(7)}`]: 1 }))
    const { result } = await outside.call('order', { order: '7', who: 'ann@example.com' })
    expect(side.received[0]!.headers.authorization).toBe(SECRET)
    expect(JSON.stringify(result)).not.toContain(SECRET.slice(7))
    const [row] = await recorded()
    expect(JSON.stringify(row)).not.toContain(SECRET.slice(7))
    expect(JSON.stringify([row!['request'], row!['answer']])).not.toMatch(/ann(@|%40)example.com/)
    await expect(outside.as().accounts.remove(accountId)).rejects.toMatchObject({ code: 'CONFLICT' })
    // The tool is pointed elsewhere behind the service's back.
    await bed.superuser.query(`update workflow.accounts set host = 'api.example.com' where id = $1`, [accountId])
    await expect(outside.call('order', { order: '7', who: 'x' })).rejects.toThrow('may be used with api.example.com only')
    expect(side.received).toHaveLength(1)
  })

  it('calls an operation that an OpenAPI document describes, checked against it', async () => {
    await save('add_note', 'openapi', { document: PETS, operation: 'addNote', server: `${side.origin}/v1/` })
    const [described] = await outside.toolbox.describe(bed.organizationId, ['add_note', 'no_such_tool'])
    expect(described).toMatchObject({ name: 'add_note', parameters: { required: ['pet', 'body'], additionalProperties: false } })
    const values = {
      pet: 'r2 d2',
      tag: ['a', 'b&c'],
      'X-Trace': 'abc',
      body: { text: null, stars: 1, replies: [{ text: 'hi' }] },
    }
    await outside.call('add_note', values)
    expect(side.received).toMatchObject([
      {
        method: 'POST',
        url: '/v1/pets/r2%20d2/notes?tag=a&tag=b%26c',
        headers: { 'x-trace': 'abc' },
        body: JSON.stringify(values.body),
      },
    ])
    for (const [wrong, message] of [
      [{ ...values, body: {} }, 'body.text is missing'],
      [{ ...values, body: { text: 'x', stars: 0 } }, 'body.stars must be > 0'],
      [{ ...values, 'X-Trace': '1' }, 'X-Trace must match pattern'],
      [{ ...values, more: 1 }, 'more is not known'],
    ] as const)
      await expect(outside.call('add_note', wrong)).rejects.toThrow(message)
    expect(side.received).toHaveLength(1)
  })

  it.each([
    ['http', { method: 'GET', url: 'https://{{host}}/x' }, 'url', 'must name its host: no {{…}} before the first /'],
    ['http', { method: 'GET', url: 'http://10.0.0.8/x' }, 'url', 'The address must begin with https://.'],
    ['http', { method: 'GET', url: 'https://x.example/', headers: { 'X-Api-Key': 'k' } }, 'headers', /must hold no secret/],
    ['http', { method: 'GET' }, 'url', 'is missing'],
    [
      'http',
      { method: 'GET', url: 'https://x.example/', parameters: { type: 'object', properties: { a: { pattern: '(?=x)' } } } },
      'parameters',
      /cannot be checked/,
    ],
    ['openapi', { document: 'swagger: "2.0"', operation: 'x' }, 'document', 'is not an OpenAPI 3 document'],
    ['openapi', { document: PETS, operation: 'gone' }, 'operation', 'has no operation "gone". It has: addNote'],
    ['openapi', { document: bomb(), operation: 'boom' }, 'document', /unfold into too many parts/],
    ['email', { recipients: 'nobody' }, 'recipients', /must be addresses/],
  ])('refuses settings that do not fit: %s %#', async (kind, settings, path, message) => {
    const expected = typeof message === 'string' ? message : expect.stringMatching(message)
    await expect(save('x', kind, settings)).rejects.toMatchObject({
      extensions: { fields: [{ path: `input.settings.${path}`, message: expected }] },
    })
  })

  it('asks for a mail once, and for no recipient that is not allowed', async () => {
    await save('reply', 'email', { recipients: '@example.com', subject: 'About {{topic}}', text: 'Dear {{name}},\n{{text}}' })
    const values = { to: 'Ann@Example.com', topic: 'your\r\nBcc: all', name: '<b>Ann</b>', text: 'Hello' }
    const again = { idempotencyKey: 'run-1:mail' }
    await outside.call('reply', values, again)
    await bed.superuser.query("update workflow.tool_calls set status = 'STARTED'")
    await outside.call('reply', values, again)
    const { rows } = await bed.superuser.query('select organization_id, mail from events.notifications')
    expect(rows).toEqual([
      {
        organization_id: bed.organizationId,
        mail: { to: 'ann@example.com', subject: 'About your Bcc: all', text: 'Dear <b>Ann</b>,\nHello' },
      },
    ])
    await expect(outside.call('reply', { ...values, to: 'ann@elsewhere.com' })).rejects.toThrow('may write to')
  })

  it('says what it would send and sends nothing', async () => {
    await http()
    const trial = await outside.as().tools.try({ tool: 'order', arguments: { order: '7', who: 'x', more: 1 }, dryRun: true })
    expect(trial).toMatchObject({ succeeded: true, answer: null, request: { method: 'POST', body: { more: 1 } } })
    expect(trial.message).toMatch(/^Would send POST to 127\.0\.0\.1:\d+\. Nothing was sent\.$/)
    expect([side.received, await recorded()]).toEqual([[], []])
    const operator = outside.as(viewerOf(bed.organizationId, { scopes: new Set(['wrm:write']) }))
    const real = { tool: 'order', arguments: { order: '7', who: 'x' }, dryRun: false }
    await expect(operator.tools.try(real)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect(await outside.as().tools.try(real)).toMatchObject({ succeeded: true, answer: { status: 200 } })
    side.answer = (_request, response) => void response.writeHead(400).end()
    expect(await outside.as().tools.try(real)).toMatchObject({ succeeded: false, message: expect.stringContaining('status 400') })
  })

  it('is switched off, changed and deleted by its own organisation only', async () => {
    const tool = await http()
    const stranger = outside.as(viewerOf(randomUUID(), { organizationIds: [bed.organizationId] }))
    expect(await stranger.tools.list()).toEqual([])
    await expect(stranger.tools.remove(tool.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const { id, name, kind, settings, description } = tool
    await expect(stranger.tools.save({ id, name, kind, settings, description, enabled: false })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await outside.as().tools.save({ id, name, kind, settings, description, enabled: false })
    await expect(outside.call('order', { order: '7', who: 'x' })).rejects.toThrow('is switched off')
    await expect(save('order', 'http', settings)).rejects.toMatchObject({ code: 'CONFLICT' })
    await outside.as().tools.remove(id)
    await expect(outside.call('order', { order: '7', who: 'x' })).rejects.toThrow('There is no tool "order".')
  })

  it('keeps a file with its run, and the run shows the call', async () => {
    const runId = await bed.start('Where is the card that I ordered')
    const { result } = await outside.call('artifact', { name: 'reply.txt', content: 'Hello' }, { runId })
    expect(result).toMatchObject({ artifactId: expect.any(String), bytes: 5 })
    const run = await bed.as().runs.find(runId)
    const { nodes } = await outside.as().toolCalls.ofRun(run, 10, null)
    expect(nodes).toMatchObject([{ tool: 'artifact', node: 'act', status: 'SUCCEEDED', attempts: 1, bytes: 5 }])
    const agency = viewerOf(randomUUID(), { organizationIds: [bed.organizationId] })
    expect((await outside.as(agency).toolCalls.ofRun(run, 10, null)).nodes).toHaveLength(1)
    expect((await outside.as(viewerOf(randomUUID())).toolCalls.ofRun(run, 10, null)).nodes).toEqual([])
    await expect(outside.call('artifact', { name: '../x', content: '' }, { runId })).rejects.toThrow('name must match pattern')
  })

  it('describes itself with settings that a form can show', () => {
    for (const { kind } of CONNECTORS)
      for (const field of Object.values(connectorOf(kind)!.settings['properties'] as Record<string, { title?: string }>))
        expect(field.title).toEqual(expect.any(String))
  })
})

/** 10 references to each next of 8 levels: a hundred million parts. */
function bomb(): string {
  const level = (next: number) => ({
    type: 'object',
    properties: Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`p${n}`, { $ref: `#/components/schemas/L${next}` }])),
  })
  const schemas = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`L${n}`, level(n + 1)]))
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/L0' } } }
  const post = { operationId: 'boom', requestBody: { content } }
  return JSON.stringify({
    openapi: '3.1.0',
    paths: { '/x': { post } },
    components: { schemas: { ...schemas, L8: { type: 'string' } } },
  })
}

import 'reflect-metadata'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { graphql, Kind, parse, subscribe, type ExecutionResult, type GraphQLSchema, type ObjectTypeDefinitionNode } from 'graphql'
import type { Viewer } from '@signalbox/shared/viewer'
import { buildWorkflowSubgraph } from './schema.ts'
import { viewerOf, WorkflowTestbed } from './testing/testkit.ts'

// oxlint-disable-next-line typescript/no-explicit-any -- whatever the operation asked for
type Answer = ExecutionResult<any>

describe('the subgraph', () => {
  let bed: WorkflowTestbed
  let schema: GraphQLSchema
  let sdl: string

  beforeAll(async () => {
    const subgraph = await buildWorkflowSubgraph()
    schema = subgraph.schema
    sdl = subgraph.sdl
    bed = await WorkflowTestbed.create()
    bed.engine()
  })
  afterAll(() => bed[Symbol.asyncDispose]())

  const contextOf = (viewer: Viewer = viewerOf(bed.organizationId)) => bed.as(viewer) as never
  const ask = async (source: string, variableValues: Record<string, unknown> = {}, viewer?: Viewer) =>
    (await graphql({ schema, source, variableValues, contextValue: contextOf(viewer) })) as Answer
  const watch = (source: string, variableValues: Record<string, unknown>, viewer?: Viewer) =>
    subscribe({ schema, document: parse(source), variableValues, contextValue: contextOf(viewer) })

  it('guards every root field with a scope', () => {
    const roots = parse(sdl).definitions.filter(
      (node) => node.kind === Kind.OBJECT_TYPE_DEFINITION && ['Query', 'Mutation', 'Subscription'].includes(node.name.value),
    )
    expect(roots).toHaveLength(3)
    for (const root of roots as ObjectTypeDefinitionNode[]) {
      for (const field of root.fields!) expect(field.directives!.map(({ name }) => name.value)).toEqual(['requiresScopes'])
    }
  })

  it('starts a run and watches it to its end, with what belongs to it', async () => {
    const started = await ask(
      `mutation ($input: StartRunInput!) { startRun(input: $input) { created run { id caseId status startedBy { __typename } workflow { slug } version { number agents { name } } } } }`,
      { input: { workflow: 'support-triage', input: { text: 'Where is the card that I ordered?' } } },
    )
    expect(started.errors).toBeUndefined()
    const { run } = started.data.startRun
    expect(run).toMatchObject({
      caseId: run.id,
      status: 'QUEUED',
      startedBy: { __typename: 'User' },
      workflow: { slug: 'support-triage' },
      version: { number: 1 },
    })
    const stream = (await watch(
      'subscription ($id: ID!) { runTransitions(runId: $id, after: 0) { seq kind status summary stateDiff usage { model } run { status workflow { name } graph { nodes { name state } } } } }',
      { id: run.id },
    )) as AsyncGenerator<Answer>
    const seen = []
    for await (const { data, errors } of stream) {
      expect(errors).toBeUndefined()
      seen.push(data.runTransitions)
      if (data.runTransitions.kind === 'SUCCEEDED') break
    }
    expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, index) => index + 1))
    expect(seen.at(-1).run).toMatchObject({ status: 'SUCCEEDED', workflow: { name: 'Support triage' } })
    const list = await ask(
      '{ runs(first: 1) { totalCount nodes { id durationMs steps { node attempts { attempt state } } transitions(after: 3, first: 2) { nodes { seq } } checkpoints(first: 1) { nodes { step state createdAt } } reviews { id } } } }',
    )
    expect(list.errors).toBeUndefined()
    expect(list.data.runs).toMatchObject({
      totalCount: 1,
      nodes: [{ id: run.id, transitions: { nodes: [{ seq: 4 }, { seq: 5 }] } }],
    })
  })

  it('refuses a subscription to nothing, and one without the right to it', async () => {
    const source = 'subscription ($id: ID!) { runTransitions(runId: $id) { seq } }'
    const codeOf = async (result: ReturnType<typeof watch>) => ((await result) as ExecutionResult).errors?.[0]?.extensions['code']
    const id = await bed.start('mine')
    expect(await codeOf(watch(source, { id: randomUUID() }))).toBe('NOT_FOUND')
    expect(await codeOf(watch(source, { id }, viewerOf(randomUUID())))).toBe('NOT_FOUND')
    expect(await codeOf(watch(source, { id }, viewerOf(bed.organizationId, { scopes: new Set(['kpi:read']) })))).toBe('FORBIDDEN')
    expect(await codeOf(watch('subscription { runsChanged(after: "x") { cursor } }', {}))).toBe('BAD_USER_INPUT')
  })

  it('resolves references within the caller’s tenancy only', async () => {
    const id = await bed.start('mine')
    const source = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Run { id status } } }'
    const of = [{ __typename: 'Run', id }]
    expect((await ask(source, { of })).data._entities).toEqual([{ id, status: expect.any(String) }])
    expect((await ask(source, { of }, viewerOf(randomUUID()))).data._entities).toEqual([null])
    const blind = await ask(source, { of }, viewerOf(bed.organizationId, { scopes: new Set(['kpi:read']) }))
    expect(blind.errors![0]!.extensions['code']).toBe('FORBIDDEN')
  })

  it('takes no half characters and no NUL to the database', async () => {
    const odd = 'a\u0000\ud800'
    const result = await ask('query ($f: RunFilter) { runs(filter: $f) { totalCount } }', {
      f: { search: odd, tag: odd, caseId: odd, workflow: [odd] },
    })
    expect(result.errors).toBeUndefined()
    expect((await ask('query ($s: String) { workflow(slug: $s) { id } }', { s: odd })).errors![0]!.extensions['code']).toBe(
      'NOT_FOUND',
    )
  })
})

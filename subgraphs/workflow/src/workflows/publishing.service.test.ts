import 'reflect-metadata'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { MikroORM } from '@mikro-orm/postgresql'
import pg from 'pg'
import { Audit } from '@signalbox/shared/audit'
import { migrateEvents } from '@signalbox/shared/events/migrate'
import { SCOPES } from '@signalbox/shared/scopes'
import { createTestDatabase, type TestDatabase } from '@signalbox/shared/testing/database'
import type { Viewer } from '@signalbox/shared/viewer'
import { migrateWorkflow } from '../migrate.ts'
import { createWorkflowOrm } from '../orm.ts'
import { Tenant } from '../tenant.ts'
import type { DefinitionDocument } from './definition-builder.ts'
import { PublishingService } from './publishing.service.ts'
import { WorkflowService } from './workflow.service.ts'

const definition = (value: string): DefinitionDocument => ({
  input: { type: 'object' },
  output: { type: 'object' },
  nodes: [{ name: 'sum', kind: 'transform', set: { value } }],
  edges: [
    { from: '__start__', to: 'sum' },
    { from: 'sum', to: '__end__' },
  ],
  result: { value: 'sum.value' },
})

let database: TestDatabase
let orm: MikroORM
let superuser: pg.Pool
const organizationId = randomUUID()

beforeAll(async () => {
  database = await createTestDatabase(
    'workflow',
    (url) => migrateEvents(url('events_owner')),
    (url) => migrateWorkflow(url('workflow_owner')),
  )
  orm = await createWorkflowOrm(database.url('workflow_app'))
  superuser = new pg.Pool({ connectionString: database.superuserUrl, max: 1 })
})

afterAll(async () => {
  await orm.close()
  await superuser.end()
  await database.drop()
})

function as(organization: string = organizationId, readable = [organization]) {
  const viewer: Viewer = {
    actorId: randomUUID(),
    actorKind: 'USER',
    organizationId: organization,
    organizationIds: readable,
    role: 'AGENCY_ADMIN',
    scopes: new Set(SCOPES),
    sessionId: randomUUID(),
    expiresAt: Date.now() / 1000 + 300,
    token: '',
  }
  const tenant = new Tenant(orm, viewer)
  const workflows = new WorkflowService(tenant)
  return { viewer, workflows, publishing: new PublishingService(tenant, workflows, new Audit({ viewer })) }
}

const refused = (code: string, extensions: object = {}) => ({ extensions: expect.objectContaining({ code, ...extensions }) })
const draft = (slug: string, value = '1') => ({ slug, name: 'Sums', definition: definition(value), revision: 0 })

describe('from a draft to a version', () => {
  it('keeps a draft with its faults and its order, and publishes it once they are mended', async () => {
    const { publishing, viewer } = as()
    const broken = { ...definition('1 +'), constants: { b: 1, aa: 2 } }
    const begun = await publishing.saveDraft({ ...draft('sums'), definition: broken })
    expect(begun.draft).toMatchObject({ revision: 1, savedById: viewer.actorId })
    const text = `{ "b": 1,\n  "aa": [ 2 ] }`
    const kept = await publishing.saveDraft({ workflow: 'sums', name: 'Sums', text, revision: 1 })
    expect(kept.draft).toMatchObject({ text, definition: { b: 1, aa: [2] } })
    await publishing.saveDraft({ ...draft('sums'), workflow: 'sums', definition: broken, revision: 2 })
    await expect(publishing.publish({ workflow: 'sums' })).rejects.toMatchObject(
      refused('BAD_USER_INPUT', {
        fields: [{ path: 'input.definition.nodes.0.set.value', message: expect.stringContaining('cannot be read') }],
      }),
    )
    await publishing.saveDraft({ ...draft('sums', '2'), workflow: begun.workflow.id, revision: 3 })
    const { version, workflow, created } = await publishing.publish({ workflow: 'sums', revision: 4, note: 'first' })
    expect({ created, workflow, version }).toMatchObject({
      created: true,
      workflow: { name: 'Sums', currentVersionId: version.id },
      version: { number: 1, note: 'first', publishedByKind: 'USER', publishedById: viewer.actorId, restores: null },
    })
    expect(version.definition.budgets.visits).toBe(25)
    expect(await publishing.draftOf(workflow)).toBeNull()
  })

  it('lets the first of two who changed the same draft win, also across publishing', async () => {
    const [one, other] = [as().publishing, as().publishing]
    await one.saveDraft(draft('race'))
    const saves = [one, other].map((by, at) => by.saveDraft({ ...draft('race', `${at + 5}`), workflow: 'race', revision: 1 }))
    const outcomes = await Promise.allSettled(saves)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: refused('CONFLICT', { current: expect.objectContaining({ revision: 2 }) }),
    })
    await expect(one.publish({ workflow: 'race', revision: 1 })).rejects.toMatchObject(refused('CONFLICT'))
    await one.publish({ workflow: 'race', revision: 2 })
    await one.saveDraft({ ...draft('race', '7'), workflow: 'race' })
    await expect(other.saveDraft({ ...draft('race', '8'), workflow: 'race', revision: 1 })).rejects.toMatchObject(
      refused('CONFLICT', { current: expect.objectContaining({ revision: 3 }) }),
    )
    await expect(one.discardDraft({ workflow: 'race', revision: 3 })).resolves.toMatchObject({ slug: 'race' })
  })

  it('publishes a given definition at once, under numbers that follow each other whoever publishes', async () => {
    const many = Array.from({ length: 6 }, (_, at) =>
      as().publishing.publish({ workflow: 'direct', name: 'Direct', definition: definition(`${at}`) }),
    )
    const numbers = (await Promise.all(many)).map(({ version }) => version.number)
    expect(numbers.toSorted((one, other) => one - other)).toEqual([1, 2, 3, 4, 5, 6])
    const last = await as().publishing.publish({ workflow: 'direct', definition: definition('9') })
    const again = await as().publishing.publish({ workflow: 'direct', definition: definition('9') })
    expect([last, again]).toMatchObject([
      { created: true, workflow: { name: 'Direct' }, version: { number: 7 } },
      { created: false, version: { number: 7 } },
    ])
  })

  it('makes an older version current again under a new number, and tells the trail', async () => {
    const { publishing, viewer } = as()
    for (const value of ['1', '2']) await publishing.publish({ workflow: 'back', definition: definition(value) })
    const { version, workflow } = await publishing.rollback({ workflow: 'back', version: 1, note: 'the sums were wrong' })
    expect(version).toMatchObject({ number: 3, restores: 1, note: 'the sums were wrong', publishedById: viewer.actorId })
    expect(workflow.currentVersionId).toBe(version.id)
    expect((await publishing.compare({ workflow: 'back', from: 1, to: 3 })).changes).toEqual([])
    await expect(publishing.rollback({ workflow: 'back', version: 3 })).rejects.toMatchObject(refused('BAD_USER_INPUT'))
    await expect(publishing.rollback({ workflow: 'back', version: 9 })).rejects.toMatchObject(refused('NOT_FOUND'))
    const { rows } = await superuser.query(
      `select payload ->> 'action' as action, payload -> 'details' as details from events.outbox
       where organization_id = $1 and payload -> 'target' ->> 'id' = $2 order by 1`,
      [organizationId, workflow.id],
    )
    expect(rows).toEqual([
      { action: 'workflow.published', details: { slug: 'back', version: 1 } },
      { action: 'workflow.published', details: { slug: 'back', version: 2 } },
      { action: 'workflow.rolled_back', details: { slug: 'back', version: 3, restores: 1 } },
    ])
  })

  it('compares versions, and the current one with the draft', async () => {
    const { publishing } = as()
    await publishing.publish({ workflow: 'compared', definition: definition('1') })
    const next = definition('2')
    next.nodes.push({ name: 'more', kind: 'branch' })
    next.edges = [
      { from: '__start__', to: 'sum' },
      { from: 'sum', to: 'more' },
      { from: 'more', to: '__end__' },
    ]
    await publishing.saveDraft({ ...draft('compared'), workflow: 'compared', definition: { ...next, budgets: { visits: 9 } } })
    const { from, to, changes } = await publishing.compare({ workflow: 'compared', from: 1 })
    expect({ from, to }).toMatchObject({ from: { number: 1 }, to: null })
    expect(changes).toEqual(
      expect.arrayContaining([
        { kind: 'CHANGED', part: 'nodes', subject: 'sum', path: 'nodes.0.set.value', before: '1', after: '2' },
        { kind: 'ADDED', part: 'nodes', subject: 'more', path: 'nodes.1', before: null, after: { name: 'more', kind: 'branch' } },
        { kind: 'REMOVED', part: 'edges', subject: 'sum → __end__', path: 'edges.1', before: expect.anything(), after: null },
        { kind: 'CHANGED', part: 'budgets', subject: null, path: 'budgets.visits', before: 25, after: 9 },
      ]),
    )
  })

  it('refuses a slug that is taken or changed, and what no draft can be', async () => {
    const { publishing } = as()
    await publishing.saveDraft(draft('taken'))
    const attempts = [
      publishing.saveDraft(draft('taken')),
      publishing.saveDraft({ ...draft('Not a slug') }),
      publishing.saveDraft({ ...draft('other'), workflow: 'taken', revision: 1 }),
      publishing.saveDraft({ ...draft('list'), definition: [] }),
      publishing.saveDraft({ slug: 'text', name: 'Text', text: '{', revision: 0 }),
      publishing.saveDraft({ ...draft('both'), text: '{}' }),
      publishing.saveDraft({ ...draft('large'), definition: { text: 'x'.repeat(600_000) } }),
    ]
    for (const attempt of await Promise.allSettled(attempts))
      expect(attempt).toMatchObject({ status: 'rejected', reason: refused('BAD_USER_INPUT') })
  })

  it('keeps to the active organisation: a client’s workflow is read, not changed, from the agency', async () => {
    const { workflow } = await as().publishing.saveDraft(draft('kept'))
    const agency = as(randomUUID())
    const acting = as(agency.viewer.organizationId, [agency.viewer.organizationId, organizationId])
    await expect(agency.publishing.publish({ workflow: workflow.id })).rejects.toMatchObject(refused('NOT_FOUND'))
    await expect(acting.publishing.publish({ workflow: workflow.id })).rejects.toMatchObject(refused('FORBIDDEN'))
    expect(await acting.publishing.draftOf(workflow)).toMatchObject({ revision: 1 })
  })
})

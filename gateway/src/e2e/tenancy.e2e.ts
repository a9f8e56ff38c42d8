import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { FOREIGN, type ForeignCase } from './testkit/foreign-arguments.ts'
import { api, fieldsOf, parts, rootFields } from './testkit/graph.ts'
import { codesOf, faultOf, leaksOf } from './testkit/leaks.ts'
import { askSubgraph } from './testkit/neighbours.ts'
import { operationOf, referenceOf, type GeneratedOperation } from './testkit/operations.ts'
import { bearerOf, eventually, type Answer } from './testkit/session.ts'
import { createAgency, fingerprint, raiseAlert, RANGE, startRun, type Agency, type Client, type Tenant } from './testkit/world.ts'

/**
 * Two agencies with two clients each, and data of each in every place. Whatever one asks for with the ids of another is not there, says
 * nothing of it and changes nothing; an agency reads its own clients, and no further.
 */
const queries = rootFields.filter((coordinate) => coordinate.startsWith('Query.'))
const mutations = rootFields.filter((coordinate) => coordinate.startsWith('Mutation.'))
const subscriptions = rootFields.filter((coordinate) => coordinate.startsWith('Subscription.'))
/** What these answer carries no id and no text of a tenant. */
const FIGURES_ONLY = [
  'Query.roles',
  'Query.signInChannels',
  'Query.technicalHealth',
  'Query.auditIntegrity',
  'Query.workflowDefinitionSchema',
  'Query.checkWorkflow',
  'Query.accountReturnUrl',
  'Query.connectors',
  'Query.previewSchedule',
  'Query.runLimits',
]
/** Entities that no tenant owns. */
const HELD_BY_NOBODY = ['SystemActor']
/** Grows by what a tenant itself was refused up to ten seconds before. */
const TRAIL = new Set(['events.audit_head', 'events.log', 'telemetry.audit_event'])
const withoutTrail = (tables: Record<string, string>) =>
  Object.fromEntries(Object.entries(tables).filter(([name]) => !TRAIL.has(name)))

describe('tenants', () => {
  const database = new pg.Client({ connectionString: process.env['SIGNALBOX_DATABASE_URL'] })
  let aster: Agency
  let birch: Agency

  beforeAll(async () => {
    await database.connect()
    aster = await createAgency(database, 'Aster')
    birch = await createAgency(database, 'Birch')
    await settled(birch)
  }, 90_000)
  afterAll(() => database.end())

  /** A tenant's data once all events have been applied, and nothing moves any more. */
  const settled = (tenant: Tenant) => {
    let last: unknown
    return eventually(async () => {
      const { rows } = await database.query<{ behind: boolean }>(
        'select exists (select from events.outbox) or (select min(position) from telemetry.consumer) < (select position from events.head) as behind',
      )
      const now = await fingerprint(database, tenant.organizationId)
      const isSame = JSON.stringify(now) === JSON.stringify(last)
      last = now
      if (rows[0]!.behind || !isSame) throw new Error('still changing')
      return now
    })
  }

  /** What somebody did or was refused in the organisation of another. */
  const actsOf = async (actor: Tenant, { organizationId }: Tenant) => {
    const { rows } = await database.query<{ count: number }>(
      'select count(*)::int as count from telemetry.audit_event where organization_id = $1 and actor_id = $2',
      [organizationId, actor.ids['User']],
    )
    return rows[0]!.count
  }

  /** Who looks, and where to: the other agency's, in both directions, and the neighbour under the same roof. */
  const directions: [string, () => [Tenant, Client]][] = [
    ['a client at another agency’s client', () => [aster.clients[0], birch.clients[0]]],
    ['that one’s neighbour back at the first one’s neighbour', () => [birch.clients[1], aster.clients[1]]],
    ['a client at its neighbour of the same agency', () => [aster.clients[0], aster.clients[1]]],
    ['a neighbour back', () => [aster.clients[1], aster.clients[0]]],
    ['an agency at another agency’s client', () => [aster, birch.clients[1]]],
    ['the other agency back', () => [birch, aster.clients[0]]],
  ]

  it('each have a case for every root field, and something of every entity', () => {
    expect(Object.keys(FOREIGN).sort()).toEqual([...rootFields].sort())
    const { ids } = aster.clients[0]
    const entities = parts.flatMap((part) => part.entities).filter((entity) => !HELD_BY_NOBODY.includes(entity))
    expect(entities.filter((entity) => ids[entity] === undefined)).toEqual([])
  })

  it('find their own by the same questions', async () => {
    for (const tenant of [aster.clients[0], birch.clients[1]]) {
      for (const coordinate of queries.filter((name) => !FIGURES_ONLY.includes(name))) {
        const answer = await ask(tenant, coordinate, FOREIGN[coordinate]!(tenant))
        expect({ coordinate, errors: answer.errors, found: leaksOf(tenant, answer).length > 0 }).toEqual({
          coordinate,
          errors: undefined,
          found: true,
        })
      }
    }
  })

  it.each(directions)(
    'see and change nothing of one another: %s',
    async (_who, pair) => {
      const [mine, theirs] = pair()
      const before = await settled(theirs)
      const faults: string[] = []
      for (const coordinate of [...queries, ...mutations]) {
        const attempt = FOREIGN[coordinate]!(theirs)
        if (attempt.agencyOnly === true && !('clients' in mine)) continue
        const fault = faultOf(attempt, await ask(mine, coordinate, attempt), theirs)
        if (fault !== undefined) faults.push(`${coordinate} ${fault}`)
      }
      expect(faults).toEqual([])
      expect(withoutTrail(await settled(theirs))).toEqual(withoutTrail(before))
      expect(await actsOf(mine, theirs)).toBe(0)
    },
    60_000,
  )

  it.each(directions)('get no entity of one another from a subgraph itself: %s', async (_who, pair) => {
    const [mine, theirs] = pair()
    const [foreign, own] = await Promise.all([mine, theirs].map((tenant) => entitiesFor(tenant, theirs)))
    expect(
      foreign!.flatMap(({ coordinate, answer, sent }) =>
        leaksOf(theirs, answer, sent).map((leak) => `${coordinate} tells of ${leak}`),
      ),
    ).toEqual([])
    expect(
      foreign!.flatMap(({ coordinate, value }) => (value === null ? [] : [`${coordinate} is ${JSON.stringify(value)}`])),
    ).toEqual([])
    expect(own!.filter(({ value }) => value !== null).length).toBeGreaterThan(own!.length / 2)
  })

  it('of an agency are read by it, both of them, and by it alone', async () => {
    for (const agency of [aster, birch]) {
      const [east, west] = agency.clients
      const others = agency === aster ? birch : aster
      for (const client of [east, west]) {
        for (const coordinate of queries.filter((name) => !FIGURES_ONLY.includes(name))) {
          const answer = await ask(agency, coordinate, FOREIGN[coordinate]!(client))
          expect({ coordinate, errors: answer.errors }).toEqual({ coordinate, errors: undefined })
        }
      }
      const { runs, reviews } = await agency.session.expect(
        '{ runs { nodes { caseId tags } } reviews { nodes { run { caseId } } } }',
      )
      expect(new Set(runs.nodes.map((run: { tags: string[] }) => run.tags[0]))).toEqual(new Set([east.mark, west.mark]))
      expect(reviews.nodes).toHaveLength(2)
      for (const stranger of [others, ...others.clients]) expect(leaksOf(stranger, { runs, reviews })).toEqual([])
    }
  })

  it('of an agency are not written to by it before it has switched there', async () => {
    const [client] = aster.clients
    const before = await settled(client)
    for (const coordinate of mutations) {
      const attempt = FOREIGN[coordinate]!(client)
      if (attempt.outcome !== 'NOT_FOUND' || ENTERS.includes(coordinate)) continue
      const codes = codesOf(await ask(aster, coordinate, attempt))
      expect({ coordinate, codes }).toEqual({ coordinate, codes: [expect.stringMatching(/^(NOT_FOUND|FORBIDDEN)$/)] })
    }
    expect(await settled(client)).toEqual(before)
  })

  it.each(directions)(
    'hear nothing of one another: %s',
    async (_who, pair) => {
      const [mine, theirs] = pair()
      const heard = await listen(database, mine, theirs)
      expect(heard.refused).toEqual(['NOT_FOUND', 'NOT_FOUND'])
      expect(leaksOf(theirs, heard.open)).toEqual([])
      expect(heard.aimed).toEqual([])
    },
    60_000,
  )

  it.each(directions)('fetch and leave no file with one another: %s', async (_who, pair) => {
    const [mine, theirs] = pair()
    const before = await settled(theirs)
    const fetched = await mine.session.fetch(`/artifacts/${theirs.ids['Artifact']}`)
    expect([fetched.status, codesOf((await fetched.json()) as Answer)]).toEqual([404, ['NOT_FOUND']])
    const headers = { 'content-type': 'text/plain', 'x-signalbox-csrf': '1', origin: new URL(mine.session.url).origin }
    const left = await mine.session.fetch(`/artifacts?runId=${theirs.ids['Run']}&name=a.txt`, {
      method: 'POST',
      headers,
      body: 'from elsewhere',
    })
    expect([left.status, codesOf((await left.json()) as Answer)]).toEqual([404, ['NOT_FOUND']])
    expect(await settled(theirs)).toEqual(before)
  })

  it('have their name before every object’s', async () => {
    const { rows: objects } = await database.query<{ organization_id: string; object_key: string }>(
      'select organization_id, object_key from workflow.artifacts',
    )
    expect(objects.length).toBeGreaterThan(0)
    expect(objects.filter(({ organization_id: tenant, object_key: key }) => !key.startsWith(`${tenant}/`))).toEqual([])
  })
})

/** An agency enters its own clients. */
const ENTERS = ['Mutation.switchOrganization']

/** Asks as the tenant would, for as much as one operation may. */
async function ask({ session }: Tenant, coordinate: string, { variables }: ForeignCase): Promise<Answer> {
  const operation = operationOf(api, coordinate, { [coordinate]: variables }, { depth: 3 })
  return session.graphql(operation.query, operation.variables)
}

/** Every field of every entity of the one, asked for by the other, of each subgraph that has it. */
async function entitiesFor(asker: Tenant, holder: Tenant) {
  const { token } = bearerOf(asker.session)
  const questions = parts.flatMap(({ name, schema, entities }) =>
    entities.flatMap((entity) =>
      Object.keys(fieldsOf(schema, entity))
        .filter((field) => field !== 'id' && holder.ids[entity] !== undefined)
        .map((field) => ({
          name,
          coordinate: `${entity}.${field}`,
          ...referenceOf(schema, `${entity}.${field}`, holder.ids[entity]!, { 'TimeRange!': RANGE }, { depth: 2 }),
        })),
    ),
  )
  const answers = []
  for (const { name, coordinate, query, variables } of questions) {
    const answer = await askSubgraph(name, { query, variables }, token)
    const value = Object.values((answer.data?._entities?.[0] ?? {}) as object)[0] ?? null
    answers.push({ coordinate: `${name}: ${coordinate}`, answer, value: value as unknown, sent: variables })
  }
  return answers
}

interface Heard {
  coordinate: string
  event: unknown
}

/**
 * Opens every subscription: aimed at the other tenant, and open to all that the caller may hear. Then something happens there, which the
 * other one's own subscriptions tell of, and then here.
 */
async function listen(database: pg.Client, mine: Tenant, theirs: Client) {
  const [here, there] = [mine.session.socket(), theirs.session.socket()]
  const aimed: Heard[] = []
  const refused: unknown[] = []
  try {
    for (const coordinate of subscriptions) {
      const attempt = FOREIGN[coordinate]!(theirs)
      const operation = operationOf(api, coordinate, { [coordinate]: attempt.variables }, { depth: 3 })
      if (attempt.outcome === 'NOT_FOUND') refused.push(await firstCode(here.iterate(operation)))
      else if (Object.keys(attempt.variables).length > 0)
        hear(here, coordinate, operation, (event) => void aimed.push({ coordinate, event })).catch(() => {})
    }
    const [ours, others] = [hearAll(here), hearAll(there)]
    await happensUntil(others, database, theirs)
    const open = await happensUntil(ours, database, 'clients' in mine ? (mine as Agency).clients[0] : mine)
    return { refused, aimed, open }
  } finally {
    await Promise.all([here.dispose(), there.dispose()])
  }
}

type Socket = ReturnType<Tenant['session']['socket']>

/** The first event of every subscription that is not about one run. */
function hearAll(socket: Socket): Promise<Heard[]> {
  const streams = subscriptions.filter((coordinate) => coordinate !== 'Subscription.runTransitions')
  return Promise.all(
    streams.map(async (coordinate) => {
      const operation = operationOf(api, coordinate, { 'TimeRange!': RANGE }, { depth: 3 })
      return { coordinate, event: await hear(socket, coordinate, operation, () => 'enough') }
    }),
  )
}

/** Takes events until one is enough, and gives it. */
async function hear(
  socket: Socket,
  coordinate: string,
  operation: GeneratedOperation,
  take: (event: unknown) => 'enough' | void,
) {
  for await (const event of socket.iterate({ ...operation })) if (take(event) === 'enough') return event
  throw new Error(`${coordinate} ended`)
}

async function firstCode(events: AsyncIterableIterator<unknown>): Promise<unknown> {
  try {
    const { value } = await events.next()
    return codesOf(value as Answer)[0]
  } catch (refusal) {
    return codesOf({ errors: refusal } as Answer)[0]
  }
}

/** Something that every subscription tells of; again while one has not, as it may have begun only then. */
async function happensUntil<T>(heard: Promise<T>, database: pg.Client, client: Tenant): Promise<T> {
  for (;;) {
    await startRun(client.session, client.mark)
    await raiseAlert(database, client)
    const outcome = await Promise.race([heard, sleep(3_000, 'again' as const, { ref: false })])
    if (outcome !== 'again') return outcome
  }
}

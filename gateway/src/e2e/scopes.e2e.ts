import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DEMO } from '@signalbox/shared/demo'
import { getNamedType } from 'graphql'
import type { Client } from 'graphql-ws'
import pg from 'pg'
import { accessLines, api, fieldsOf, parts, rootFields, roles, type AccessLine } from './testkit/graph.ts'
import { HARMLESS, NOBODY } from './testkit/harmless-arguments.ts'
import { askSubgraph, subgraphSocket } from './testkit/neighbours.ts'
import { operationOf, referenceOf, type GeneratedOperation } from './testkit/operations.ts'
import { asServiceClient, bearerOf, Session, signIn, system, type Answer } from './testkit/session.ts'
import { raiseAlert } from './testkit/world.ts'

/**
 * Tries every field of `schema/access.md` with everybody: each role, nobody, and a service client with one scope. First through the
 * gateway, then past it, at the subgraph itself.
 */
const SINGLE_SCOPE = 'kpi:read'
const SERVICE_CLIENT = `a service client with ${SINGLE_SCOPE}`
const callers = ['nobody', ...roles, SERVICE_CLIENT]
const lines = new Map(accessLines.map((line) => [line.coordinate, line]))

const database = new pg.Client({ connectionString: process.env['SIGNALBOX_DATABASE_URL'] })
const NUDGE = 'the test of rights'

type Verdict = 'let in' | 'forbidden' | 'unauthenticated'

describe('who may do what', () => {
  const tokens = new Map<string, string | undefined>([['nobody', undefined]])
  const ids: Record<string, string> = { Organization: DEMO.clientId }

  beforeAll(async () => {
    await database.connect()
    const { sessions, serviceClientId } = await signInEveryRole()
    for (const [role, session] of sessions) tokens.set(role, session.token)
    ids['ServiceClient'] = serviceClientId
  }, 60_000)

  it('is written down for every root field, and what is tried names none that is gone', () => {
    expect([...lines.keys()].filter((coordinate) => /^(Query|Mutation|Subscription)\./.test(coordinate)).sort()).toEqual(
      [...rootFields].sort(),
    )
    const tried = Object.keys(HARMLESS).filter((name) => name.includes('.'))
    expect(tried.filter((coordinate) => !isField(coordinate))).toEqual([])
    expect(accessLines.flatMap(({ coordinate }) => whatIsMissing(coordinate))).toEqual([])
  })

  it.each(callers)('is enforced by the gateway before anything is planned: %s', async (caller) => {
    const session = new Session(system.url, tokens.get(caller))
    expect(tokens.has(caller)).toBe(true)
    const surprises = await trial(accessLines, async (line) => {
      const operation = operationOf(api, line.coordinate, HARMLESS)
      const wanted = expected(caller, operation.coordinates)
      const answer = await ask(operation, session, () => session.socket())
      return compare(line.coordinate, wanted, answer)
    })
    expect(surprises).toEqual([])
  })

  it.each(callers)('is enforced by the subgraphs again: %s', async (caller) => {
    const token = tokens.get(caller)
    const surprises = await trial(behindTheGateway(ids), async ({ service, line, operation }) => {
      const wanted = expected(caller, [line.coordinate])
      const answer = await ask(
        operation,
        { graphql: (query, variables) => askSubgraph(service, { query, variables: variables ?? {} }, token) },
        () => subgraphSocket(service, token),
      )
      const verdict = verdictOf(answer)
      return verdict === wanted
        ? undefined
        : `${service}: ${line.coordinate}: ${verdict}, not ${wanted}: ${JSON.stringify(answer)}`
    })
    expect(surprises).toEqual([])
  })

  it('is not evaded by asking a subgraph for an entity that a root field guards', async () => {
    const guarded = parts.flatMap((part) => part.entities.flatMap((entity) => guardedBy(part, entity)))
    expect(guarded.map(({ entity }) => entity)).toEqual(expect.arrayContaining(['Run', 'Review', 'Workflow']))
    for (const { service, entity, scopes } of guarded) {
      const call = {
        query: `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on ${entity} { __typename } } }`,
        variables: { representations: [{ __typename: entity, id: NOBODY }] },
      }
      const single = await askSubgraph(service, call, tokens.get(SERVICE_CLIENT))
      if (!scopes.includes(SINGLE_SCOPE)) expect([entity, verdictOf(single)]).toEqual([entity, 'forbidden'])
      expect([entity, verdictOf(await askSubgraph(service, call))]).toEqual([entity, 'unauthenticated'])
    }
  })

  afterAll(async () => {
    await database.query('delete from telemetry.alert where subject = $1', [`USER:${NUDGE}`])
    await database.end()
    for (const token of tokens.values())
      if (token !== undefined)
        await new Session(system.url, token).graphql('mutation { signOut(input: { everywhere: false }) { everywhere } }')
  })
})

const isField = (coordinate: string) => {
  const [type = '', field = ''] = coordinate.split('.')
  return field in fieldsOf(api, type)
}

function whatIsMissing(coordinate: string): string[] {
  try {
    operationOf(api, coordinate, HARMLESS)
    return []
  } catch (error) {
    return [(error as Error).message]
  }
}

/** By the table: what the caller may, of all that an operation touches. */
function expected(caller: string, coordinates: string[]): Verdict {
  if (coordinates.some((coordinate) => WANT_A_COOKIE[coordinate]?.includes(caller))) return 'unauthenticated'
  const touched = coordinates.flatMap((coordinate) => lines.get(coordinate) ?? [])
  if (touched.every((line) => may(caller, line))) return 'let in'
  return caller === 'nobody' ? 'unauthenticated' : 'forbidden'
}

function may(caller: string, { needs, may: columns }: AccessLine): boolean {
  if (caller !== SERVICE_CLIENT) return columns[caller] === true
  return needs === undefined || needs === null || needs.some((set) => set.every((scope) => scope === SINGLE_SCOPE))
}

/** Ends the caller's own session, so it comes last, in `afterAll`. */
const ENDS_THE_SESSION = ['Mutation.signOut']
/** Want what no token replaces, the session's cookie, and say so to these. */
const WANT_A_COOKIE: Record<string, string[]> = {
  'Mutation.refreshSession': callers,
  'Mutation.switchOrganization': ['nobody', ...roles],
}

/** Runs the trials, a few at a time; gives what was not as expected. */
async function trial<T extends AccessLine | { line: AccessLine }>(all: T[], attempt: (one: T) => Promise<string | undefined>) {
  const open = all.filter((one) => !ENDS_THE_SESSION.includes(lineOf(one).coordinate))
  const surprises: string[] = []
  const work = async () => {
    for (let next = open.shift(); next !== undefined; next = open.shift()) {
      const surprise = await attempt(next)
      if (surprise !== undefined) surprises.push(surprise)
    }
  }
  await Promise.all([work(), work(), work(), work()])
  return surprises
}

const lineOf = (one: AccessLine | { line: AccessLine }): AccessLine => ('line' in one ? one.line : one)

/**
 * Every field with a rule, as each subgraph that has it can be asked directly; fields of entities by their reference.
 * @param ids of entities that exist, where a rule is looked at only then
 */
function behindTheGateway(ids: Record<string, string>) {
  return parts.flatMap(({ name: service, schema, entities }) =>
    accessLines.flatMap((line) => {
      const [type = '', field = ''] = line.coordinate.split('.')
      if (!(field in fieldsOf(schema, type))) return []
      if (['Query', 'Mutation', 'Subscription'].includes(type))
        return [{ service, line, operation: operationOf(schema, line.coordinate, HARMLESS) }]
      return entities.includes(type)
        ? [{ service, line, operation: referenceOf(schema, line.coordinate, ids[type] ?? NOBODY, HARMLESS) }]
        : []
    }),
  )
}

/** The entity, where a query of the same subgraph that returns it demands scopes. */
function guardedBy({ name, schema }: (typeof parts)[number], entity: string) {
  return Object.values(fieldsOf(schema, 'Query'))
    .filter((field) => getNamedType(field.type).name === entity)
    .flatMap((field) => lines.get(`Query.${field.name}`)?.needs ?? [])
    .map((scopes) => ({ service: name, entity, scopes }))
}

interface Asker {
  graphql(query: string, variables?: Record<string, unknown>): Promise<Answer>
}

async function ask({ query, variables }: GeneratedOperation, asker: Asker, socketOf: () => Client): Promise<Answer> {
  return query.startsWith('subscription') ? firstOf(socketOf(), query, variables) : asker.graphql(query, variables)
}

/** What is done until a subscription tells of it, where no argument of its makes it end at once. */
const NUDGES: Record<string, () => Promise<unknown>> = {
  alertRaised: () =>
    Promise.all([DEMO.agencyId, DEMO.clientId].map((organizationId) => raiseAlert(database, { organizationId, mark: NUDGE }))),
}

/** How a subscription begins; a socket that is refused is an answer without a status. */
async function firstOf(socket: Client, query: string, variables: Record<string, unknown>): Promise<Answer> {
  const nudge = Object.entries(NUDGES).find(([field]) => query.includes(`{ ${field}`))?.[1]
  const nudges = nudge && setInterval(() => void nudge(), 200)
  try {
    for await (const event of socket.iterate({ query, variables })) return { status: 200, ...event } as Answer
    return { status: 200, data: null }
  } catch (refusal) {
    if (Array.isArray(refusal)) return { status: 200, data: null, errors: refusal as Answer['errors'] & {} }
    const { code, reason } = refusal as { code?: number; reason?: string }
    return { status: code ?? 0, data: null, errors: [{ message: String(reason), extensions: { code: 'UNAUTHENTICATED' } }] }
  } finally {
    clearInterval(nudges)
    await socket.dispose()
  }
}

function verdictOf({ data, errors = [] }: Answer): Verdict {
  const codes = errors.map(({ extensions }) => extensions?.['code'])
  if (codes.includes('UNAUTHENTICATED')) return 'unauthenticated'
  // A reference that nobody may follow leads nowhere.
  if (errors.length === 0 && data?._entities?.[0] === null) return 'unauthenticated'
  // A rule of the business may forbid as well: an agency cannot be a client's client. That is no lack of a scope.
  return errors.some(({ message, extensions }) => extensions?.['code'] === 'FORBIDDEN' && /needs the scope/.test(message))
    ? 'forbidden'
    : 'let in'
}

/** The verdict, and its form: 401 for nobody, 200 with the path for a lack of scope, and no data in either. */
function compare(coordinate: string, wanted: Verdict, answer: Answer): string | undefined {
  const told = `${coordinate}: ${verdictOf(answer)}, not ${wanted}: ${JSON.stringify(answer)}`
  if (verdictOf(answer) !== wanted) return told
  if (coordinate.startsWith('Subscription.') || wanted === 'let in') return undefined
  const status = wanted === 'forbidden' ? 200 : 401
  const planned = answer.data !== undefined && answer.data !== null
  return answer.status === status && !planned ? undefined : told
}

/** One bearer token for each role, and one of a service client; the roles that the demo lacks are invited. */
async function signInEveryRole(): Promise<{ sessions: [string, Session][]; serviceClientId: string }> {
  const admin = await signIn('admin@northwind.example')
  const email = `operator-${Date.now()}@northwind.example`
  await admin.expect('mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id } } }', {
    input: { email, role: 'AGENCY_OPERATOR' },
  })
  const owner = await signIn('owner@harbour.example')
  const people: Record<string, Session> = {
    AGENCY_ADMIN: admin,
    AGENCY_OPERATOR: await signIn(email),
    CLIENT_OWNER: owner,
    CLIENT_REVIEWER: await signIn('reviewer@harbour.example'),
    CLIENT_VIEWER: await signIn('viewer@harbour.example'),
  }
  for (const role of roles) if (people[role] === undefined) throw new Error(`nobody signs in as ${role}: add somebody here`)
  const { createServiceClient } = await owner.expect(
    'mutation ($input: CreateServiceClientInput!) { createServiceClient(input: $input) { secret serviceClient { id clientId } } }',
    { input: { name: 'Figures only', scopes: [SINGLE_SCOPE] } },
  )
  const client = await asServiceClient(createServiceClient.serviceClient.clientId, createServiceClient.secret)
  const sessions = Object.entries(people).map(([role, session]): [string, Session] => [role, bearerOf(session)])
  return { sessions: [...sessions, [SERVICE_CLIENT, client]], serviceClientId: createServiceClient.serviceClient.id }
}

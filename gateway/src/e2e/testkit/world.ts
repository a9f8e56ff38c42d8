import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { Session } from './session.ts'
import { bulkOf, failureOf } from './controlled-runs.ts'
import { eventually, signIn } from './session.ts'
import { triggersOf } from './triggers.ts'

/** One organisation with something in every place; every text of it carries the mark, by which a leak is found. */
export interface Tenant {
  name: string
  mark: string
  organizationId: string
  /** Who may do everything there. */
  session: Session
  /** What can be asked for by id. */
  ids: Record<string, string>
}

export interface Agency extends Tenant {
  clients: [Client, Client]
}

export interface Client extends Tenant {
  agency: Agency
}

const AT = '2026-03-02T10:00:00Z'
export const RANGE = { from: '2026-01-01T00:00:00Z', to: '2027-12-31T00:00:00Z' }

/** An agency with two clients, each with data in every place that the API can fill. */
export async function createAgency(database: pg.Client, name: string): Promise<Agency> {
  const mark = `${name}${randomUUID().slice(0, 8)}`
  const organizationId = randomUUID()
  const email = `admin@${mark.toLowerCase()}.example`
  await seedAgency(database, organizationId, mark, email)
  const session = await signIn(email)
  const agency = { name, mark, organizationId, session, ids: {} } as unknown as Agency
  agency.ids = { Organization: organizationId, ...(await accessOf(agency)) }
  agency.clients = [await createClient(database, agency, 'East'), await createClient(database, agency, 'West')]
  return agency
}

/** There is no operation that makes an agency: they are made with the installation. */
async function seedAgency(database: pg.Client, id: string, mark: string, email: string) {
  const saved = { organizationId: id, name: `${mark} agency`, kind: 'AGENCY', agencyId: null, timeZone: 'UTC' }
  await inTenancy(database, id, async () => {
    await database.query(`insert into auth.organizations (id, name, kind) values ($1, $2, 'AGENCY')`, [id, saved.name])
    const { rows } = await database.query<{ id: string }>('select auth.ensure_user($1, $2) as id', [email, `${mark} Admin`])
    const userId = rows[0]!.id
    await database.query(`insert into auth.memberships (organization_id, user_id, role) values ($1, $2, 'AGENCY_ADMIN')`, [
      id,
      userId,
    ])
    await database.query(`select events.append($1, 'organization.saved', $2)`, [id, saved])
    await database.query(`select events.append($1, 'membership.changed', $2)`, [
      id,
      { userId, organizationId: id, role: 'AGENCY_ADMIN' },
    ])
  })
}

async function createClient(database: pg.Client, agency: Agency, name: string): Promise<Client> {
  const mark = `${name}${agency.mark}`
  const ownerEmail = `owner@${mark.toLowerCase()}.example`
  const { createOrganization } = await agency.session.expect(
    'mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) { organization { id } } }',
    { input: { name: `${mark} client`, ownerEmail } },
  )
  const organizationId = createOrganization.organization.id as string
  await copyWorkflow(database, organizationId, mark)
  const session = await signIn(ownerEmail)
  const client: Client = {
    name: `${agency.name} ${name}`,
    mark,
    organizationId,
    session,
    agency,
    ids: { Organization: organizationId },
  }
  Object.assign(
    client.ids,
    await accessOf(client),
    await knowledgeOf(client),
    await connectionOf(client),
    await triggersOf(client),
    await figuresOf(client),
    await runsOf(client),
    await failureOf(client),
  )
  client.ids['BulkOperation'] = await bulkOf(client)
  client.ids['Alert'] = await raiseAlert(database, client)
  return client
}

/** Workflows are published with the installation: this one is the demo's, under another name. */
async function copyWorkflow(database: pg.Client, organizationId: string, mark: string) {
  const name = `${mark} triage`
  const [workflowId, versionId] = [randomUUID(), randomUUID()]
  await inTenancy(database, organizationId, async () => {
    const ids = [organizationId, workflowId]
    await database.query(`insert into workflow.workflows (organization_id, id, slug, name) values ($1, $2, 'triage', $3)`, [
      ...ids,
      name,
    ])
    await database.query(
      `insert into workflow.workflow_versions (organization_id, id, workflow_id, number, definition, published_at)
       select $1, $3, $2, 1, v.definition, now() from workflow.workflows w
       join workflow.workflow_versions v on v.organization_id = w.organization_id and v.id = w.current_version_id where w.slug = 'support-triage' limit 1`,
      [...ids, versionId],
    )
    await database.query('update workflow.workflows set current_version_id = $3 where organization_id = $1 and id = $2', [
      ...ids,
      versionId,
    ])
    await database.query(`select events.append($1, 'workflow.published', $2)`, [
      organizationId,
      { workflowId, slug: 'triage', name, versionId, number: 1 },
    ])
  })
}

async function inTenancy(database: pg.Client, organizationId: string, work: () => Promise<void>) {
  await database.query('begin')
  await database.query(`select set_config('app.organization', $1, true)`, [organizationId])
  await work()
  await database.query('commit')
}

/** Members, an invitation and a service client. */
async function accessOf({ session, mark }: Tenant): Promise<Record<string, string>> {
  const { inviteMember } = await session.expect(
    'mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id } } }',
    {
      input: { email: `invited@${mark.toLowerCase()}.example`, role: await viewerRole(session), displayName: `${mark} Invited` },
    },
  )
  const { createServiceClient } = await session.expect(
    'mutation ($input: CreateServiceClientInput!) { createServiceClient(input: $input) { serviceClient { id } } }',
    { input: { name: `${mark} client`, scopes: ['wrm:read'] } },
  )
  const { viewer } = await session.expect(
    '{ viewer { actor { ... on User { id } } sessions { id } organization { members { nodes { id } } } } }',
  )
  return {
    Invitation: inviteMember.invitation.id,
    ServiceClient: createServiceClient.serviceClient.id,
    User: viewer.actor.id,
    Session: viewer.sessions[0].id,
    Membership: viewer.organization.members.nodes[0].id,
  }
}

const viewerRole = async (session: Session) => {
  const { viewer } = await session.expect('{ viewer { organization { kind } } }')
  return viewer.organization.kind === 'AGENCY' ? 'AGENCY_OPERATOR' : 'CLIENT_VIEWER'
}

async function knowledgeOf({ session, mark }: Tenant): Promise<Record<string, string>> {
  const { createKnowledgeBase } = await session.expect(
    'mutation ($input: CreateKnowledgeBaseInput!) { createKnowledgeBase(input: $input) { knowledgeBase { id } } }',
    { input: { name: `${mark} base` } },
  )
  const texts = ['Where is my card?', 'I want my money back for this payment', 'How do I close my account?']
  const documents = texts.map((text, index) => ({
    key: `${mark}-${index}`,
    title: `${mark} title`,
    text: `${text} ${mark}`,
    label: `intent_${index}`,
  }))
  await session.expect('mutation ($input: IngestDocumentsInput!) { ingestDocuments(input: $input) { added } }', {
    input: { knowledgeBase: createKnowledgeBase.knowledgeBase.id, documents },
  })
  return { KnowledgeBase: createKnowledgeBase.knowledgeBase.id }
}

/** A connection to n8n that no run comes to use. */
async function connectionOf({ session, mark }: Tenant): Promise<Record<string, string>> {
  const { saveCredential } = await session.expect(
    'mutation ($input: SaveCredentialInput!) { saveCredential(input: $input) { credential { id } } }',
    { input: { kind: 'N8N_WEBHOOK', n8nWebhook: { url: `https://n8n.${mark.toLowerCase()}.example/webhook/x` } } },
  )
  const { saveAccount } = await session.expect(
    'mutation ($input: SaveAccountInput!) { saveAccount(input: $input) { account { id } } }',
    {
      input: {
        name: `${mark} shop`,
        kind: 'HEADER',
        host: `api.${mark.toLowerCase()}.example`,
        header: { name: 'X-Api-Key', value: `key of ${mark}` },
      },
    },
  )
  const { saveTool } = await session.expect('mutation ($input: SaveToolInput!) { saveTool(input: $input) { tool { id } } }', {
    input: {
      name: `${mark.toLowerCase()}_tool`,
      description: `${mark} orders`,
      kind: 'http',
      settings: { method: 'GET', url: `https://api.${mark.toLowerCase()}.example/orders` },
      accountId: saveAccount.account.id,
    },
  })
  return { Credential: saveCredential.credential.id, Account: saveAccount.account.id, Tool: saveTool.tool.id }
}

/** A baseline, an engagement and an outcome. */
async function figuresOf({ session, mark }: Tenant): Promise<Record<string, string>> {
  const { setBaseline } = await session.expect(
    'mutation ($input: SetBaselineInput!) { setBaseline(input: $input) { baseline { id } } }',
    {
      input: { kpi: 'TURNAROUND', median: 20, p90: 40, n: 40, source: 'ESTIMATED', window: `${mark} window` },
    },
  )
  await session.expect('mutation ($input: SetEngagementInput!) { setEngagement(input: $input) { engagement { workflow } } }', {
    input: { startedAt: AT, buildCost: '1000', hourlyRate: '50' },
  })
  await session.expect('mutation ($input: RecordOutcomeInput!) { recordOutcome(input: $input) { created } }', {
    input: { key: `${mark}-outcome`, caseId: `${mark}-case`, kind: 'CASE_RECEIVED', at: AT },
  })
  return { KpiBaseline: setBaseline.baseline.id }
}

/** A run that waits for a person, with a note and a file. */
async function runsOf({ session, mark }: Tenant): Promise<Record<string, string>> {
  const runId = await startRun(session, mark)
  const { annotateRun } = await session.expect(
    'mutation ($input: AnnotateRunInput!) { annotateRun(input: $input) { annotation { id } } }',
    {
      input: { runId, body: `${mark} note` },
    },
  )
  const uploaded = await session.fetch(`/artifacts?runId=${runId}&name=${mark}.txt`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', 'x-signalbox-csrf': '1', origin: new URL(session.url).origin },
    body: `${mark} content`,
  })
  if (uploaded.status !== 201) throw new Error(`no artifact: ${uploaded.status} ${await uploaded.text()}`)
  const { run, workflow } = await eventually(async () => {
    const found = await session.expect(
      'query ($id: ID!) { run(id: $id) { reviews { id checkpointId } version { id } } workflow(slug: "triage") { id } }',
      { id: runId },
    )
    if (found.run.reviews.length === 0) throw new Error(`the run of ${mark} waits for nobody`)
    return found
  })
  return {
    Run: runId,
    Annotation: annotateRun.annotation.id,
    Artifact: ((await uploaded.json()) as { id: string }).id,
    Review: run.reviews[0].id,
    Checkpoint: run.reviews[0].checkpointId,
    Workflow: workflow.id,
    WorkflowVersion: run.version.id,
  }
}

/** As the rules would raise it, after a burst of refusals; the mark stands for who was refused. */
export async function raiseAlert(
  database: pg.Client,
  { organizationId, mark }: Pick<Tenant, 'organizationId' | 'mark'>,
): Promise<string> {
  const { rows } = await database.query<{ id: string }>(
    `insert into telemetry.alert (organization_id, rule, severity, subject, subject_kind, count, started_at, last_at, window_ends_at)
     values ($1, 'SCOPE_MISUSE', 'WARNING', $2, 'ACTOR', 20, now(), now(), now()) returning id`,
    [organizationId, `USER:${mark}`],
  )
  await database.query(`select pg_notify('telemetry_alerts', $1)`, [`${organizationId} ${rows[0]!.id}`])
  return rows[0]!.id
}

/** Starts a run of which the input, the case and the tag carry the mark. */
export async function startRun(session: Session, mark: string): Promise<string> {
  const input = { text: `I want my money back ${mark}`, knowledgeBase: `${mark} base` }
  const { startRun: started } = await session.expect(
    'mutation ($input: StartRunInput!) { startRun(input: $input) { run { id } } }',
    {
      input: { workflow: 'triage', input, caseId: `${mark}-case`, tags: [mark], idempotencyKey: randomUUID() },
    },
  )
  return started.run.id
}

/** Everything that is stored of an organisation, as one fingerprint a table. */
export async function fingerprint(database: pg.Client, organizationId: string): Promise<Record<string, string>> {
  const { rows: tables } = await database.query<{ name: string; tenant: string }>(
    `select table_schema || '.' || quote_ident(table_name) as name, column_name as tenant from information_schema.columns
     join information_schema.tables using (table_schema, table_name)
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') and table_schema || '.' || table_name <> 'events.outbox'
       and (column_name = 'organization_id' or (table_schema = 'auth' and table_name = 'organizations' and column_name = 'id')) order by 1`,
  )
  const found: Record<string, string> = {}
  for (const { name, tenant } of tables) {
    const { rows } = await database.query<{ sum: string | null }>(
      `select count(*) || ':' || md5(string_agg(md5(t::text), '' order by md5(t::text))) as sum from ${name} t where ${tenant} = $1`,
      [organizationId],
    )
    found[name] = rows[0]!.sum ?? '0'
  }
  return found
}

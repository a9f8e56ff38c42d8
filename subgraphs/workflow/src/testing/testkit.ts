import 'reflect-metadata'
import type { MikroORM } from '@mikro-orm/postgresql'
import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { Audit } from '@signalbox/shared/audit'
import { migrateEvents } from '@signalbox/shared/events/migrate'
import { createLogger } from '@signalbox/shared/logger'
import { SCOPES } from '@signalbox/shared/scopes'
import { createTestDatabase, type TestDatabase } from '@signalbox/shared/testing/database'
import type { Viewer } from '@signalbox/shared/viewer'
import { LiveFeed } from '../engine/live-feed.ts'
import { Listener } from '../engine/listener.ts'
import { startChildRun } from '../runs/child-runs.ts'
import { startEngine, type EngineOptions } from '../engine/engine.ts'
import type { EngineTools } from '../engine/session.ts'
import { migrateWorkflow } from '../migrate.ts'
import { createWorkflowOrm } from '../orm.ts'
import { RUNS_CHANNEL, RunNotifier } from '../runs/run-notifier.ts'
import { stepsOf } from '../runs/run-progress.ts'
import { createServices } from '../services.ts'
import { Tenant } from '../tenant.ts'
import { publish } from '../workflows/publish.ts'
import type { ShippedWorkflow } from '../workflows/shipped.ts'
import { supportTriage } from '../workflows/support-triage.ts'
import { testTools } from './tools.ts'

export const log = createLogger('test', process.env['TEST_LOG'] ?? 'silent')

/** A key file with one key. */
export const testKeys = (id = 'k1') => JSON.stringify({ current: id, keys: { [id]: randomBytes(32).toString('base64') } })

export function viewerOf(organizationId: string, over: Partial<Viewer> = {}): Viewer {
  return {
    actorId: randomUUID(),
    actorKind: 'USER',
    organizationId,
    organizationIds: [organizationId],
    role: 'CLIENT_OWNER',
    scopes: new Set(SCOPES),
    sessionId: randomUUID(),
    expiresAt: Date.now() / 1000 + 300,
    token: '',
    ...over,
  }
}

/** The workflow database of one test file, with everything that the API and a worker are made of. */
export class WorkflowTestbed implements AsyncDisposable {
  readonly organizationId: string = randomUUID()
  readonly #engines: AsyncDisposable[] = []

  private constructor(
    readonly database: TestDatabase,
    readonly orm: MikroORM,
    readonly pool: pg.Pool,
    readonly superuser: pg.Pool,
    readonly notifier: RunNotifier,
    readonly feed: LiveFeed,
    private readonly listener: Listener,
  ) {}

  static async create(): Promise<WorkflowTestbed> {
    const database = await createTestDatabase(
      'workflow',
      (url) => migrateEvents(url('events_owner')),
      (url) => migrateWorkflow(url('workflow_owner')),
    )
    const url = database.url('workflow_app')
    const pool = new pg.Pool({ connectionString: url, max: 4 })
    const superuser = new pg.Pool({ connectionString: database.superuserUrl, max: 2 })
    for (const one of [pool, superuser]) one.on('error', () => {})
    const orm = await createWorkflowOrm(url)
    const feed = new LiveFeed({ pool, log, pollMs: 300 })
    const listener = new Listener({
      url,
      log,
      channels: { [RUNS_CHANNEL]: (payload) => feed.notified(payload) },
      onConnected: () => feed.wake(),
    })
    const bed = new WorkflowTestbed(database, orm, pool, superuser, new RunNotifier(pool, log), feed, listener)
    await bed.publish()
    return bed
  }

  /** The services as one caller has them. */
  as(viewer: Viewer = viewerOf(this.organizationId)) {
    const tenant = new Tenant(this.orm, viewer)
    const { notifier, feed } = this
    const audit = new Audit({ viewer, requestId: 'test-request', operation: 'Test' })
    return { viewer, tenant, audit, ...createServices({ tenant, audit, notifier, feed, log }) }
  }

  publish(over: Partial<ShippedWorkflow['definition']> = {}, organizationId = this.organizationId) {
    const definition = { ...supportTriage.definition, ...over }
    const { tenant, audit } = this.as(viewerOf(organizationId))
    return tenant.transaction((transaction) => publish(transaction, { ...supportTriage, organizationId, definition }, audit))
  }

  engine(tools: Partial<EngineTools> = {}, over: Partial<EngineOptions> = {}): AsyncDisposable {
    const options = { concurrency: 4, leaseMs: 1_000, pollMs: 100, drainMs: 1_000, ...over }
    const engine = startEngine({
      databaseUrl: this.database.url('workflow_app'),
      tools: async () => ({ ...testTools(), startRun: (child) => startChildRun(this.orm, this.notifier, child), ...tools }),
      log,
      ...options,
    })
    this.#engines.push(engine)
    return engine
  }

  async stopEngines() {
    await Promise.all(this.#engines.splice(0).map((engine) => engine[Symbol.asyncDispose]()))
  }

  /** Starts a run with that text and gives its id. */
  async start(text: string): Promise<string> {
    const { runs } = this.as()
    return (await runs.start({ workflow: supportTriage.slug, input: { text } })).run.id
  }

  /** The run once it stands so. */
  async until(runId: string, ...statuses: string[]) {
    const { runs } = this.as()
    return eventually(async () => {
      const run = await runs.find(runId)
      if (!statuses.includes(run.status)) throw new Error(`the run is ${run.status}, not ${statuses.join(' or ')}`)
      return run
    })
  }

  /** The visits of its steps. */
  async stepsOf(runId: string) {
    const { history, runs } = this.as()
    return stepsOf(await history.log(await runs.find(runId)))
  }

  /** While the work goes on, a transaction that inserts into the table is lost at its very end, as if its process had been killed. */
  async whileBroken(table: string, work: () => Promise<unknown>): Promise<void> {
    await this.superuser.query(
      `create function public.killed() returns trigger language plpgsql as $$ begin raise exception 'killed'; end $$;
       create constraint trigger killed after insert on ${table} deferrable initially deferred for each row execute function public.killed()`,
    )
    await work()
    await this.superuser.query(`drop trigger killed on ${table}; drop function public.killed()`)
  }

  async logOf(runId: string) {
    const { rows } = await this.superuser.query(
      'select seq, kind, status, node, attempt, summary, failure, state_diff, usage, actor_id, duration_ms, checkpoint_id from workflow.run_transitions where run_id = $1 order by seq',
      [runId],
    )
    return rows as {
      seq: number
      kind: string
      status: string
      node: string | null
      attempt: number | null
      summary: string
      failure: { code: string } | null
      state_diff: unknown
      usage: unknown
      actor_id: string | null
      duration_ms: number | null
      checkpoint_id: string | null
    }[]
  }

  async [Symbol.asyncDispose]() {
    await this.stopEngines()
    await this.listener[Symbol.asyncDispose]()
    this.feed[Symbol.dispose]()
    await this.notifier.flush()
    await Promise.all([this.pool.end(), this.superuser.end(), this.orm.close()])
    await this.database.drop()
  }
}

/** What the attempt gives once it no longer throws; the last failure after 15 s. */
export async function eventually<T>(attempt: () => Promise<T>, limitMs = 15_000): Promise<T> {
  const deadline = Date.now() + limitMs
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await sleep(20)
    }
  }
}

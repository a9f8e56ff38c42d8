import type { MikroORM } from '@mikro-orm/postgresql'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { Audit } from '@signalbox/shared/audit'
import { SCOPES } from '@signalbox/shared/scopes'
import { createLogger } from '@signalbox/shared/logger'
import { LiveFeed } from '../engine/live-feed.ts'
import { Listener } from '../engine/listener.ts'
import { startEngine } from '../engine/engine.ts'
import { createWorkflowOrm } from '../orm.ts'
import { RUNS_CHANNEL, RunNotifier } from '../runs/run-notifier.ts'
import { createServices } from '../services.ts'
import { Tenant } from '../tenant.ts'
import { testTools } from '../testing/tools.ts'
import type { ShippedWorkflow } from '../workflows/shipped.ts'
import { publish } from '../workflows/publish.ts'
import { PAYLOAD, STEPS } from './contestants.ts'

export const log = createLogger('bench', 'error')

const text = { type: 'object', properties: { text: { type: 'string' } } }

/** Five steps that pass on what they got, or, slow ones, that wait for a model. */
export const workflowOf = (
  slug: string,
  step: (name: string) => ShippedWorkflow['definition']['nodes'][number],
): ShippedWorkflow => ({
  slug,
  name: slug,
  description: slug,
  definition: {
    input: text,
    output: { type: 'object' },
    nodes: STEPS.map(step),
    edges: ['__start__', ...STEPS].map((from, index) => ({ from, to: STEPS[index] ?? '__end__' })),
    result: { length: 'size(input.text)' },
  },
})

export const QUICK = workflowOf('quick', (name) => ({ name, kind: 'transform', set: { length: 'size(input.text)' } }))
/** Each step's answer must be kept before the next begins, as if a model had given it. */
export const KEPT = workflowOf('kept', (name) => ({ name, kind: 'decide', text: 'input.text' }))
export const SLOW = workflowOf('slow', (name) => ({ name, kind: 'decide', text: 'input.text' }))

/** Our own side: the API's part (starting, listening) and a worker in this process. */
export class Signalbox implements AsyncDisposable {
  readonly organizationId = randomUUID()
  readonly feed: LiveFeed
  readonly #notifier: RunNotifier
  readonly #listener: Listener

  private constructor(
    private readonly url: string,
    readonly orm: MikroORM,
    readonly pool: pg.Pool,
  ) {
    this.feed = new LiveFeed({ pool, log })
    this.#notifier = new RunNotifier(pool, log)
    const channels = { [RUNS_CHANNEL]: (payload: string) => this.feed.notified(payload) }
    this.#listener = new Listener({ url, log, channels, onConnected: () => this.feed.wake() })
  }

  static async open(url: string): Promise<Signalbox> {
    const bench = new Signalbox(url, await createWorkflowOrm(url, 4), new pg.Pool({ connectionString: url, max: 4 }))
    for (const workflow of [QUICK, KEPT, SLOW]) {
      const { tenant, audit } = bench.services()
      await tenant.transaction((transaction) =>
        publish(transaction, { ...workflow, organizationId: bench.organizationId }, audit),
      )
    }
    return bench
  }

  services() {
    const viewer = {
      actorId: randomUUID(),
      actorKind: 'USER' as const,
      organizationId: this.organizationId,
      organizationIds: [this.organizationId],
      role: 'CLIENT_OWNER' as const,
      scopes: new Set(SCOPES),
      sessionId: randomUUID(),
      expiresAt: Date.now() / 1_000 + 86_400,
      token: '',
    }
    const tenant = new Tenant(this.orm, viewer)
    const audit = new Audit({ viewer, requestId: 'bench', operation: 'Bench' })
    return { tenant, audit, ...createServices({ tenant, audit, notifier: this.#notifier, feed: this.feed, log }) }
  }

  /** Queues so many runs, to begin now or at that time. */
  async queue(runs: number, workflow = QUICK, runAfter?: Date): Promise<string[]> {
    const ids: string[] = []
    const { runs: service } = this.services()
    while (ids.length < runs) {
      const size = Math.min(100, runs - ids.length)
      const started = await service.startMany({
        workflow: workflow.slug,
        items: Array.from({ length: size }, () => ({ input: { text: PAYLOAD }, runAfter })),
      })
      ids.push(...started.runs.map(({ id }) => id))
    }
    return ids
  }

  engine(concurrency: number): AsyncDisposable {
    return startEngine({
      databaseUrl: this.url,
      tools: async () => testTools(),
      log,
      concurrency,
      leaseMs: 10_000,
      pollMs: 1_000,
      drainMs: 5_000,
    })
  }

  /**
   * Runs a second, from the queue filled to the last run's end: queue, lease, transitions and events included. The workers stand ready,
   * with their connections open, as the other contestants' do.
   */
  async rate(superuser: pg.Pool, runs: number, workflow = QUICK): Promise<number> {
    const start = new Date(Date.now() + 1_000 + 3 * runs)
    await this.queue(runs, workflow, start)
    const wait = start.getTime() - Date.now()
    if (wait < 0) throw new Error('the runs were due before they were all queued')
    await sleep(wait + 1)
    const started = performance.now()
    this.#notifier.queued()
    await this.untilIdle(superuser)
    return (runs / (performance.now() - started)) * 1_000
  }

  /** Until none of this organisation's runs is under way. */
  async untilIdle(superuser: pg.Pool): Promise<void> {
    for (;;) {
      const { rows } = await superuser.query<{ left: boolean }>(
        `select exists (select from workflow.runs where organization_id = $1 and status in ('QUEUED', 'RUNNING', 'RETRYING')) as left`,
        [this.organizationId],
      )
      if (!rows[0]!.left) return
      await sleep(20)
    }
  }

  async [Symbol.asyncDispose]() {
    await this.#listener[Symbol.asyncDispose]()
    this.feed[Symbol.dispose]()
    await this.#notifier.flush()
    await this.pool.end()
    await this.orm.close(true)
  }
}

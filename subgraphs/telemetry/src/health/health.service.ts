import type { EntityManager } from '@mikro-orm/postgresql'
import type { Viewer } from '@signalbox/shared/viewer'
import { checkRange, type TimeRange } from '../kpis/time-range.ts'
import { inScope, scopeOf } from '../organizations/scope.ts'
import { usd } from '../runs/money.ts'
import {
  BucketSize,
  type FailureRate,
  type LatencySummary,
  type NodeHealth,
  type TechnicalHealth,
  type ThroughputBucket,
} from './health.types.ts'

const HOURLY_UP_TO_MS = 3 * 86_400_000

/** A condition with its parameters. */
interface Where {
  sql: string
  params: unknown[]
}

export class HealthService {
  constructor(
    private readonly em: EntityManager,
    private readonly viewer: () => Viewer,
  ) {}

  /** Test runs count too: they use the machine as well. */
  report(range: TimeRange, workflow: string | null): Promise<TechnicalHealth> {
    checkRange(range)
    const bucketSize = range.to.getTime() - range.from.getTime() <= HOURLY_UP_TO_MS ? BucketSize.HOUR : BucketSize.DAY
    return this.em.transactional(async (em) => {
      const scope = inScope(await scopeOf(em, this.viewer().organizationId, workflow))
      const window = [range.from.toISOString(), range.to.toISOString()]
      const runs: Where = {
        sql: `${scope.sql} and queued_at >= ?::timestamptz and queued_at < ?::timestamptz`,
        params: [...scope.params, ...window],
      }
      const steps: Where = {
        sql: `${scope.sql.replace('organization_id', 't.organization_id')} and at >= ?::timestamptz and at < ?::timestamptz`,
        params: [...scope.params, ...window],
      }
      const nodes = await readNodes(em, steps)
      const executions = nodes.reduce((sum, node) => sum + node.executions, 0)
      return {
        ...(await readRuns(em, runs)),
        nodes,
        failures: await readFailures(em, steps, executions),
        bucketSize,
        throughput: await readThroughput(em, scope, range, bucketSize),
      }
    })
  }
}

const PERCENTILES = (column: string) => `percentile_cont(array[0.5, 0.9, 0.99]) within group (order by ${column})::text as`

async function readRuns(em: EntityManager, where: Where) {
  const [row] = await em.execute<Record<string, string | null>[]>(
    `select count(*) as runs, count(*) filter (where status = 'SUCCEEDED') as succeeded, count(finished_at) as ended,
       count(*) filter (where finished_at is not null and status <> 'SUCCEEDED') as failed, coalesce(sum(retries), 0) as retries,
       coalesce(sum(input_tokens), 0) as input, coalesce(sum(output_tokens), 0) as output, coalesce(sum(model_cost + machine_cost), 0) as cost,
       ${PERCENTILES('extract(epoch from finished_at - queued_at)::float8 * 1000')} wall,
       ${PERCENTILES('case when finished_at is not null then machine_ms end')} machine,
       count(started_at) as started, ${PERCENTILES('extract(epoch from started_at - queued_at)::float8 * 1000')} queue
     from telemetry.run where ${where.sql}`,
    where.params,
  )
  const number = (name: string) => Number(row![name])
  const [runs, ended, failed] = [number('runs'), number('ended'), number('failed')]
  return {
    runs,
    succeeded: number('succeeded'),
    failed,
    active: runs - ended,
    errorRate: ended === 0 ? null : failed / ended,
    runLatency: latency(ended, row!['wall']),
    machineLatency: latency(ended, row!['machine']),
    queueWait: latency(number('started'), row!['queue']),
    retries: number('retries'),
    inputTokens: number('input'),
    outputTokens: number('output'),
    cost: usd(row!['cost']!),
    costPerRun: runs === 0 ? null : usd(number('cost') / runs),
  }
}

/** The transitions of a scope, with what the index `run_transition_health` holds. */
const STEPS = `telemetry.run_transition t join (select organization_id, run_id, workflow_id, workflow_slug from telemetry.run) r using (organization_id, run_id)
  where kind in ('NODE_FINISHED', 'NODE_FAILED', 'RETRY_SCHEDULED', 'FAILED')`

async function readNodes(em: EntityManager, where: Where): Promise<NodeHealth[]> {
  const rows = await em.execute<Record<string, string>[]>(
    `select node, count(*) filter (where kind in ('NODE_FINISHED', 'NODE_FAILED')) as executions, count(*) filter (where kind = 'NODE_FAILED') as failures,
       count(*) filter (where kind = 'RETRY_SCHEDULED') as retries, count(duration_ms) as timed,
       ${PERCENTILES("case when kind in ('NODE_FINISHED', 'NODE_FAILED') then duration_ms end")} latency
     from ${STEPS} and node is not null and ${where.sql} group by node order by min(at), node`,
    where.params,
  )
  return rows.map((row) => ({
    node: row['node']!,
    executions: Number(row['executions']),
    failures: Number(row['failures']),
    retries: Number(row['retries']),
    latency: latency(Number(row['timed']), row['latency']),
  }))
}

async function readFailures(em: EntityManager, where: Where, executions: number): Promise<FailureRate[]> {
  const rows = await em.execute<{ code: string; count: string }[]>(
    `select failure_code as code, count(*) as count from ${STEPS} and kind in ('NODE_FAILED', 'FAILED') and failure_code is not null and ${where.sql}
     group by failure_code order by count(*) desc, failure_code limit 50`,
    where.params,
  )
  return rows.map(({ code, count }) => ({ code, count: Number(count), rate: executions === 0 ? 0 : Number(count) / executions }))
}

async function readThroughput(
  em: EntityManager,
  scope: Where,
  { from, to }: TimeRange,
  size: BucketSize,
): Promise<ThroughputBucket[]> {
  const unit = size.toLowerCase()
  const window = [from.toISOString(), to.toISOString()]
  const rows = await em.execute<{ at: string; started: string; succeeded: string; failed: string }[]>(
    `with own as (select queued_at, finished_at, status from telemetry.run where ${scope.sql})
     select b.at, coalesce(q.n, 0) as started, coalesce(f.succeeded, 0) as succeeded, coalesce(f.failed, 0) as failed
     from generate_series(date_trunc('${unit}', ?::timestamptz, 'UTC'), ?::timestamptz - interval '1 microsecond', interval '1 ${unit}', 'UTC') as b (at)
     left join (
       select date_trunc('${unit}', queued_at, 'UTC') as at, count(*) as n from own
       where queued_at >= ?::timestamptz and queued_at < ?::timestamptz group by 1
     ) q using (at)
     left join (
       select date_trunc('${unit}', finished_at, 'UTC') as at, count(*) filter (where status = 'SUCCEEDED') as succeeded,
         count(*) filter (where status <> 'SUCCEEDED') as failed
       from own where finished_at >= ?::timestamptz and finished_at < ?::timestamptz group by 1
     ) f using (at) order by b.at`,
    [...scope.params, ...window, ...window, ...window],
  )
  return rows.map(({ at, started, succeeded, failed }) => ({
    at: new Date(at),
    started: Number(started),
    succeeded: Number(succeeded),
    failed: Number(failed),
  }))
}

/** @param percentiles a Postgres array of three, `{1,2,3}`; null without data */
function latency(n: number, percentiles: string | null | undefined): LatencySummary {
  const numbers = percentiles === null || percentiles === undefined ? [] : percentiles.slice(1, -1).split(',').map(Number)
  const at = (index: number) => (n === 0 || !Number.isFinite(numbers[index]) ? null : numbers[index]!)
  return { n, p50: at(0), p90: at(1), p99: at(2) }
}

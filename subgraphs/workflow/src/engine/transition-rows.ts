import type { Pool } from 'pg'
import { RunTransition } from '../runs/run-transition.entity.ts'

interface TransitionRow {
  organization_id: string
  run_id: string
  seq: number
  at: string
  kind: RunTransition['kind']
  status: RunTransition['status']
  node: string | null
  item: number | null
  agent: string | null
  attempt: number | null
  summary: string
  duration_ms: number | null
  checkpoint_id: string | null
  state_diff: unknown
  failure: RunTransition['failure']
  usage: RunTransition['usage']
  actor_kind: string | null
  actor_id: string | null
}

interface LogPosition {
  organizationId: string
  runId: string
  cursor: number
}

/** What follows each position in its run's log, in order, at most `limit` rows each; one statement for all. */
export async function readTransitions(
  pool: Pick<Pool, 'query'>,
  positions: LogPosition[],
  limit: number,
): Promise<RunTransition[][]> {
  const { rows } = await pool.query<{ n: string; transition: TransitionRow }>(
    'select n, transition from workflow.transitions_after($1, $2, $3, $4)',
    [positions.map((one) => one.organizationId), positions.map((one) => one.runId), positions.map((one) => one.cursor), limit],
  )
  const pages: RunTransition[][] = positions.map(() => [])
  for (const row of rows) pages[Number(row.n) - 1]!.push(toTransition(row.transition))
  return pages
}

const toTransition = (row: TransitionRow): RunTransition =>
  Object.assign(new RunTransition(), {
    organizationId: row.organization_id,
    runId: row.run_id,
    seq: row.seq,
    at: new Date(row.at),
    kind: row.kind,
    status: row.status,
    node: row.node,
    item: row.item,
    agent: row.agent,
    attempt: row.attempt,
    summary: row.summary,
    durationMs: row.duration_ms,
    checkpointId: row.checkpoint_id,
    stateDiff: row.state_diff,
    failure: row.failure,
    usage: row.usage,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
  })

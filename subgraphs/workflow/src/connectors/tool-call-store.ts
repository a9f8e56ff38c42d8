import { createHash } from 'node:crypto'
import { canonicalJson } from '@signalbox/shared/canonical-json'
import { toJson, toText } from '../json.ts'
import type { Transaction } from '../tenant.ts'
import { ToolCall, type ToolCallStatus } from './tool-call.type.ts'

export interface NewCall {
  organizationId: string
  runId: string | null
  node: string | null
  tool: string
  idempotencyKey: string
  argumentsHash: string
  /** Masked. */
  request: unknown
}

export interface Settlement {
  status: Exclude<ToolCallStatus, 'STARTED'>
  answer: unknown
  result: Record<string, unknown> | null
  error: string | null
  durationMs: number
  bytes: number | null
}

/** What an earlier call with that key left. */
export interface EarlierCall {
  id: string
  status: ToolCallStatus
  argumentsHash: string
  result: Record<string, unknown> | null
}

/** The same for values that are the same JSON. */
export const hashOf = (value: unknown): string =>
  createHash('sha256')
    .update(canonicalJson(JSON.parse(toJson(value))))
    .digest('hex')

export async function findEarlier({ query }: Transaction, tool: string, key: string): Promise<EarlierCall | undefined> {
  const [row] = await query<{
    id: string
    status: ToolCallStatus
    arguments_hash: string
    result: Record<string, unknown> | null
  }>(
    `select id, status, arguments_hash, result from workflow.tool_calls
     where organization_id = workflow.active_organization() and tool = $1 and idempotency_key = $2`,
    [tool, key],
  )
  return row && { id: row.id, status: row.status, argumentsHash: row.arguments_hash, result: row.result }
}

/**
 * Records a call before it is made.
 * @param mayRepeat whether one that is under way, or of which nobody knows what came of it, may be made again
 * @returns the record's id; undefined when the call was made before and must not be made again
 */
export async function claimCall({ query }: Transaction, call: NewCall, mayRepeat: boolean): Promise<string | undefined> {
  const { organizationId, runId, node, tool, idempotencyKey, argumentsHash, request } = call
  const [row] = await query<{ id: string }>(
    `insert into workflow.tool_calls as c (organization_id, run_id, node, tool, idempotency_key, arguments_hash, status, request)
     values ($1, $2, $3, $4, $5, $6, 'STARTED', $7::jsonb)
     on conflict (organization_id, tool, idempotency_key) do update set status = 'STARTED', attempts = c.attempts + 1, request = excluded.request,
       node = excluded.node, answer = null, error = null, at = excluded.at
     where c.arguments_hash = excluded.arguments_hash and (c.status = 'FAILED' or ($8 and c.status in ('STARTED', 'UNKNOWN')))
     returning id`,
    [organizationId, runId, node, tool, idempotencyKey, argumentsHash, toJson(request), mayRepeat],
  )
  return row?.id
}

/** Seconds until a call can be had; 0: it was taken. */
export async function takeFromBucket(
  { query }: Transaction,
  organizationId: string,
  tool: string,
  perMinute: number,
): Promise<number> {
  const [row] = await query<{ wait: number }>('select workflow.take_tool_call($1, $2, $3) as wait', [
    organizationId,
    tool,
    perMinute,
  ])
  return row!.wait
}

export async function settleCall({ query }: Transaction, id: string, settlement: Settlement): Promise<void> {
  const { status, answer, result, error, durationMs, bytes } = settlement
  await query(
    `update workflow.tool_calls set status = $2, answer = $3::jsonb, result = $4::jsonb, error = $5, duration_ms = $6, bytes = $7
     where organization_id = workflow.active_organization() and id = $1 and status <> 'SUCCEEDED'`,
    [id, status, toJson(answer), toJson(result), error === null ? null : toText(error), durationMs, bytes],
  )
}

/** The later answer to a call; false when it came before, or there is no such call. */
export async function writeCallback({ query }: Transaction, id: string, body: unknown): Promise<boolean> {
  const rows = await query(
    `update workflow.tool_calls set callback = $2::jsonb, callback_at = clock_timestamp()
     where organization_id = workflow.active_organization() and id = $1 and callback_at is null returning 1`,
    [id, toJson(body)],
  )
  return rows.length > 0
}

export async function readCallback({ query }: Transaction, tool: string, key: string): Promise<unknown> {
  const [row] = await query<{ callback: unknown }>(
    `select callback from workflow.tool_calls where organization_id = workflow.active_organization() and tool = $1 and idempotency_key = $2
       and callback_at is not null`,
    [tool, key],
  )
  return row?.callback
}

/** Calls outside of any run go after 30 days; those of a run go with it. */
export async function forgetTrials({ query }: Transaction): Promise<void> {
  await query(
    `delete from workflow.tool_calls where organization_id = workflow.active_organization() and run_id is null
       and at < now() - interval '30 days'`,
  )
}

interface ToolCallRow {
  id: string
  node: string | null
  tool: string
  status: ToolCallStatus
  attempts: number
  request: unknown
  answer: unknown
  error: string | null
  duration_ms: number | null
  bytes: string | null
  at: Date | string
  callback_at: Date | string | null
}

/** A run's calls after an id, in the order in which they were first made; one more than asked for, if there is one. */
export async function readCalls(
  { query }: Transaction,
  { organizationId, id: runId }: { organizationId: string; id: string },
  after: string | null,
  limit: number,
): Promise<ToolCall[]> {
  const rows = await query<ToolCallRow>(
    `select id, node, tool, status, attempts, request, answer, error, duration_ms, bytes, at, callback_at from workflow.tool_calls
     where organization_id = $1 and run_id = $2 and ($3::uuid is null or id > $3) order by id limit $4`,
    [organizationId, runId, after, limit + 1],
  )
  return rows.map(({ duration_ms, bytes, at, callback_at, ...row }) =>
    Object.assign(new ToolCall(), {
      ...row,
      durationMs: duration_ms,
      bytes: bytes === null ? null : Number(bytes),
      at: new Date(at),
      answeredAt: callback_at === null ? null : new Date(callback_at),
    }),
  )
}

export async function countCalls({ query }: Transaction, run: { organizationId: string; id: string }): Promise<number> {
  const [row] = await query<{ count: number }>(
    'select count(*)::int as count from workflow.tool_calls where organization_id = $1 and run_id = $2',
    [run.organizationId, run.id],
  )
  return row!.count
}

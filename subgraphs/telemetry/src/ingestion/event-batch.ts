import type { EntityManager } from '@mikro-orm/postgresql'
import type { Logger } from '@signalbox/shared/logger'
import { raiseAlerts, type AlertChange } from '../alerts/raise-alerts.ts'
import { parseEvent, type KnownEvent, type LoggedEvent } from './event-schemas.ts'
import { project } from './projector.ts'

export const BATCH_SIZE = 200

export interface AppliedBatch {
  events: number
  /** When the last of them happened; null without events. */
  lastOccurredAt: Date | null
  alerts: AlertChange[]
}

/**
 * Reads the next events and applies them, moves the position and tells the subscribers, all in one transaction under the position's row
 * lock: whatever dies in between, an event counts once, and several processes take turns. An event that cannot be applied is set
 * aside, with its reason.
 */
export function applyNextBatch(em: EntityManager, log: Logger): Promise<AppliedBatch> {
  return em.transactional(async (tx) => {
    await tx.execute(
      "select set_config('lock_timeout', '10s', true), set_config('idle_in_transaction_session_timeout', '30s', true)",
    )
    const [consumer] = await tx.execute<{ position: string }[]>(
      "select position from telemetry.consumer where name = 'telemetry' for update",
    )
    const position = Number(consumer!.position)
    const events = await readEvents(tx, position)
    const last = events.at(-1)
    if (last === undefined) return { events: 0, lastOccurredAt: null, alerts: [] }
    await applyOrSetAside(tx, events, log)
    const alerts = await tryToRaiseAlerts(tx, position, events, log)
    await tx.execute("update telemetry.consumer set position = ?, advanced_at = clock_timestamp() where name = 'telemetry'", [
      last.position,
    ])
    const organizations = [...new Set(events.map((event) => event.organizationId))]
    await tx.execute("select pg_notify('telemetry_changed', id) from jsonb_array_elements_text(?::jsonb) as id", [
      JSON.stringify(organizations),
    ])
    return { events: events.length, lastOccurredAt: new Date(last.occurredAt), alerts }
  })
}

async function readEvents(em: EntityManager, after: number): Promise<LoggedEvent[]> {
  const rows = await em.execute<(LoggedEvent & { position: string | number })[]>(
    'select "position", organization_id as "organizationId", type, payload, occurred_at as "occurredAt" from events.read(?, ?)',
    [after, BATCH_SIZE],
  )
  return rows.map((row) => ({ ...row, position: Number(row.position) }))
}

async function applyOrSetAside(em: EntityManager, events: LoggedEvent[], log: Logger) {
  const parsed: { logged: LoggedEvent; event: KnownEvent }[] = []
  for (const logged of events) {
    try {
      const event = parseEvent(logged)
      if (event !== null) parsed.push({ logged, event })
    } catch (error) {
      await setAside(em, logged, (error as Error).message, log)
    }
  }
  const all = parsed.map(({ event }) => event)
  if ((await tryProject(em, all)) === null) return
  // One of them does not fit the tables. Each is tried alone, so that only that one is set aside.
  for (const { logged, event } of parsed) {
    const fault = await tryProject(em, [event])
    if (fault !== null) await setAside(em, logged, fault, log)
  }
}

/** Applies within a savepoint. Gives the reason when the data is at fault; any other failure is thrown, and the batch is tried again. */
async function tryProject(em: EntityManager, events: KnownEvent[]): Promise<string | null> {
  await em.execute('savepoint batch')
  try {
    await project(em, events)
    await em.execute('release savepoint batch')
    return null
  } catch (error) {
    if (!isDataFault(error)) throw error
    await em.execute('rollback to savepoint batch')
    return (error as Error).message
  }
}

/** A rule that cannot be applied costs its alerts, never the entries themselves. */
async function tryToRaiseAlerts(em: EntityManager, after: number, events: LoggedEvent[], log: Logger): Promise<AlertChange[]> {
  const entries = events.filter(({ type }) => type === 'audit.recorded')
  if (entries.length === 0) return []
  await em.execute('savepoint alerts')
  try {
    return await raiseAlerts(em, after, new Set(entries.map(({ payload }) => String((payload as { action?: unknown }).action))))
  } catch (error) {
    if (!isDataFault(error)) throw error
    await em.execute('rollback to savepoint alerts')
    log.error({ err: error }, 'the rules of the alerts could not be applied')
    return []
  }
}

/** SQLSTATE classes 22 (data exception) and 23 (integrity constraint violation). */
const isDataFault = (error: unknown) => {
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' && /^2[23]/.test(code)
}

async function setAside(em: EntityManager, event: LoggedEvent, reason: string, log: Logger) {
  await em.execute(
    `insert into telemetry.dead_letter (position, organization_id, type, payload, reason, occurred_at)
     values (?, ?, ?, ?::jsonb, ?, ?::timestamptz) on conflict do nothing`,
    [event.position, event.organizationId, event.type, JSON.stringify(event.payload), reason.slice(0, 2_000), event.occurredAt],
  )
  log.error({ position: event.position, type: event.type, reason: reason.slice(0, 500) }, 'event set aside')
}

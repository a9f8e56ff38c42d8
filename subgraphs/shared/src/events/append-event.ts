import type { EntityManager } from '@mikro-orm/postgresql'
import type { EventPayloads, EventType } from './events.ts'

/** Appends an event in the manager's transaction (its tenant must be the event's organisation), or not at all. */
export async function appendEvent<T extends EventType>(
  em: EntityManager,
  organizationId: string,
  type: T,
  payload: EventPayloads[T],
): Promise<void> {
  await em.execute('select events.append(?, ?, ?::jsonb)', [organizationId, type, JSON.stringify(payload)])
}

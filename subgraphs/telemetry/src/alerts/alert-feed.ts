import type { Logger } from '@signalbox/shared/logger'
import { PushIterator } from '@signalbox/shared/push-iterator'
import type { Alert } from './alert.types.ts'

/** Alerts that wait for a subscriber who does not take them; more are left to the list. */
const MAX_WAITING = 100
/** Transactions commit in another order than their clocks say, by so much at most. */
const OVERLAP_MS = 10_000

/** Reads one alert (null: not the viewer's), or those that changed after a moment in milliseconds. */
export interface AlertReader {
  one(id: string): Promise<Alert | null>
  since(ms: number): Promise<Alert[]>
}

type Listener = (organizationId: string | null, id: string | null) => void

/** Tells this process's subscribers of alerts. Fed by the database's notifications, whichever process raised them. */
export class AlertFeed {
  readonly #listeners = new Set<Listener>()

  /** @param payload `<organisation> <alert>`; null: notifications may have been missed */
  publish(payload: string | null): void {
    const [organizationId = null, id = null] = payload?.split(' ') ?? []
    for (const listener of this.#listeners) listener(organizationId, id)
  }

  /** Each alert of the organisations that is raised, grows or is acknowledged from now on; one is not told twice in the same state. */
  follow(organizationIds: readonly string[], read: AlertReader, log: Logger): PushIterator<Alert> {
    const told = new Map<string, number>()
    let since = Date.now()
    let queue = Promise.resolve()
    const tell = (alert: Alert | null) => {
      if (alert === null || (told.get(alert.id) ?? 0) >= alert.changedAt || iterator.size >= MAX_WAITING) return
      told.set(alert.id, alert.changedAt)
      if (told.size > 1_000) told.delete(told.keys().next().value!)
      since = Math.max(since, alert.changedAt)
      iterator.push(alert)
    }
    const look = async (id: string | null) => {
      try {
        if (id !== null) return tell(await read.one(id))
        for (const alert of await read.since(since - OVERLAP_MS)) if (alert.changedAt >= since) tell(alert)
      } catch (error) {
        log.warn({ err: error }, 'an alert could not be read for a subscriber')
      }
    }
    const listener: Listener = (organizationId, id) => {
      if (organizationId !== null && !organizationIds.includes(organizationId)) return
      queue = queue.then(() => look(id))
    }
    const iterator = new PushIterator<Alert>(() => void this.#listeners.delete(listener))
    this.#listeners.add(listener)
    return iterator
  }
}

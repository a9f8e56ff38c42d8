import type { Logger } from '@signalbox/shared/logger'
import { PushIterator } from '@signalbox/shared/push-iterator'

/** Figures that took long to read are read less often: a subscriber keeps the database busy a fifth of the time at most. */
const REST = 4

type Listener = (organizationId: string | null) => void

/** Tells this process's subscribers whose figures have moved. Fed by the database's notifications, whichever process applied the change. */
export class KpiChanges {
  readonly #listeners = new Set<Listener>()

  /** @param organizationId null: perhaps everybody's, because notifications may have been missed */
  publish(organizationId: string | null): void {
    for (const listener of this.#listeners) listener(organizationId)
  }

  get subscribers(): number {
    return this.#listeners.size
  }

  /**
   * What `read` gives after each change, at most once in `intervalMs`. A subscriber that is slow gets the latest figures, never a queue.
   * A read that fails is tried again.
   */
  follow<T>(organizationIds: readonly string[], read: () => Promise<T>, log: Logger, intervalMs = 1_000): PushIterator<T> {
    let dirty = false
    let busy = false
    let left = false
    let timer: NodeJS.Timeout | undefined
    const emit = async () => {
      busy = true
      const started = Date.now()
      if (iterator.size === 0) {
        dirty = false
        try {
          iterator.push(await read())
        } catch (error) {
          dirty = true
          log.warn({ err: error }, 'figures could not be read for a subscriber')
        }
      }
      const tookMs = Date.now() - started
      timer = setTimeout(
        () => {
          busy = false
          if (dirty && !left) void emit()
        },
        Math.max(intervalMs - tookMs, REST * tookMs),
      )
      if (left) clearTimeout(timer)
    }
    const listener: Listener = (organizationId) => {
      if (organizationId !== null && !organizationIds.includes(organizationId)) return
      dirty = true
      if (!busy) void emit()
    }
    const iterator = new PushIterator<T>(() => {
      left = true
      clearTimeout(timer)
      this.#listeners.delete(listener)
    })
    this.#listeners.add(listener)
    return iterator
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Fleet } from './fleet.ts'
import type { Random } from './random.ts'

export interface ChaosCounts {
  kills: number
  pauses: number
  restarts: number
  drains: number
}

const LASTS_MS = 2_000
/** Past the lease. */
const PAUSE_MS = 1_300

/** What goes wrong in a trial: when, how often and to whom is the seed's to say. */
export class Chaos {
  isOver = false
  readonly #done: ChaosCounts = { kills: 0, pauses: 0, restarts: 0, drains: 0 }

  constructor(
    private readonly random: Random,
    private readonly fleet: Fleet,
    private readonly restartDatabase: () => Promise<void>,
  ) {}

  /** Workers that ended themselves at a statement are counted as killed. */
  get counts(): ChaosCounts {
    return { ...this.#done, kills: this.fleet.losses - this.#done.drains }
  }

  /** All is drawn before any of it happens, so that the seed gives it again. */
  async run(): Promise<void> {
    const { random } = this
    const many = (count: number, happen: (victim: number) => Promise<void>) =>
      Array.from({ length: count }, () => ({ afterMs: random.between(50, LASTS_MS), victim: random.next(), happen }))
    const planned = [
      ...many(random.between(1, 3), (victim) => this.#signal(victim, 'SIGKILL')),
      ...many(random.between(0, 2), (victim) => this.#pause(victim)),
      ...many(random.between(0, 1), (victim) => this.#signal(victim, 'SIGTERM')),
      ...many(random.between(0, 1), () => this.#restart()),
    ]
    await Promise.all(planned.map(({ afterMs, victim, happen }) => sleep(afterMs).then(() => happen(victim))))
    this.isOver = true
  }

  async #signal(victim: number, signal: 'SIGKILL' | 'SIGTERM') {
    const hit = this.fleet.one(victim)?.kill(signal) === true
    if (hit && signal === 'SIGTERM') this.#done.drains += 1
  }

  async #pause(victim: number) {
    const hit = this.fleet.one(victim)
    if (hit?.kill('SIGSTOP') !== true) return
    this.#done.pauses += 1
    await sleep(PAUSE_MS)
    hit.kill('SIGCONT')
  }

  async #restart() {
    this.#done.restarts += 1
    await this.restartDatabase()
  }
}

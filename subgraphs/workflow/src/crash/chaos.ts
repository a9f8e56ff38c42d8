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
const PAUSE_MS = 900

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

  async run(): Promise<void> {
    const { random } = this
    const incidents = [
      ...Array.from({ length: random.between(1, 3) }, () => () => this.#signal('SIGKILL')),
      ...Array.from({ length: random.between(0, 2) }, () => () => this.#pause()),
      ...(random.chance(0.4) ? [() => this.#signal('SIGTERM')] : []),
      ...(random.chance(0.6) ? [() => this.#restart()] : []),
    ]
    const planned = incidents.map((incident) => ({ incident, afterMs: random.between(50, LASTS_MS) }))
    await Promise.all(planned.map(({ incident, afterMs }) => sleep(afterMs).then(incident)))
    this.isOver = true
  }

  async #signal(signal: 'SIGKILL' | 'SIGTERM') {
    const hit = this.fleet.any((list) => this.random.pick(list))
    if (hit?.kill(signal) === true && signal === 'SIGTERM') this.#done.drains += 1
  }

  async #pause() {
    const hit = this.fleet.any((list) => this.random.pick(list))
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

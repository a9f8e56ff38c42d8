import { MOVING, type RunView } from './batch-summary.ts'
import type { Endpoint } from './endpoint.ts'
import { COUNT_RUNS, PAGE_OF_RUNS, RUNS_AT_ONCE, runsById } from './operations.ts'

/**
 * Watches the runs of a batch. While many move, one count by tag and status is all it asks; the runs themselves are read once, when none
 * moves any more. Runs that carry another tag (their key was used by another file first) are asked for by id.
 */
export class RunFollower {
  /** By id, as last read. */
  readonly runs = new Map<string, RunView>()

  constructor(
    private readonly endpoint: Endpoint,
    private readonly tag: string,
  ) {}

  /** How many of the runs still move without a person; 0 means that `runs` holds all of them. */
  async countMoving(ids: string[]): Promise<number> {
    const counted = await this.endpoint.execute<{ runs: { totalCount: number } }>(COUNT_RUNS, {
      filter: { tag: this.tag, status: MOVING },
    })
    if (counted.runs.totalCount > 0) return Math.min(counted.runs.totalCount, ids.length)
    await this.#readAll(ids)
    return ids.filter((id) => isMoving(this.runs.get(id))).length
  }

  /** Reads what there is after an interruption; what cannot be read in time stays unknown. */
  async lastLook(ids: string[], signal: AbortSignal): Promise<void> {
    await this.#readAll(ids, signal).catch(() => {})
  }

  async #readAll(ids: string[], signal?: AbortSignal) {
    const wanted = new Set(ids.filter((id) => isMoving(this.runs.get(id))))
    for (let after: string | null = null; wanted.size > 0;) {
      const page: Page = await this.endpoint.execute<Page>(PAGE_OF_RUNS, { filter: { tag: this.tag }, after }, signal)
      for (const run of page.runs.nodes) {
        this.runs.set(run.id, run)
        wanted.delete(run.id)
      }
      if (!page.runs.pageInfo.hasNextPage) break
      after = page.runs.pageInfo.endCursor
    }
    const others = [...wanted]
    for (let at = 0; at < others.length; at += RUNS_AT_ONCE) await this.#readById(others.slice(at, at + RUNS_AT_ONCE), signal)
  }

  async #readById(ids: string[], signal?: AbortSignal) {
    const variables = Object.fromEntries(ids.map((id, index) => [`id${index}`, id]))
    const found = await this.endpoint.execute<Record<string, RunView | null>>(runsById(ids.length), variables, signal)
    for (const run of Object.values(found)) if (run) this.runs.set(run.id, run)
  }
}

interface Page {
  runs: { nodes: RunView[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } }
}

const isMoving = (run: RunView | undefined) => run === undefined || MOVING.includes(run.status)

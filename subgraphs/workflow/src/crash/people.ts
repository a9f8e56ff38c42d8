import { setTimeout as sleep } from 'node:timers/promises'
import { ConflictError } from '@signalbox/shared/errors'
import { ReviewAction } from '../reviews/review.entity.ts'
import type { WorkflowTestbed } from '../testing/testkit.ts'
import { Random } from './random.ts'
import type { Sink } from './sink.ts'

interface OpenReview {
  id: string
  node: string
  checkpoint_id: string
  label: string
  is_doubt: boolean
}

/** A decision that was answered OK. */
export interface Answered {
  reviewId: string
  action: string
}

/** The people who decide: each review at its own random instant, some of them twice at once and differently. */
export class People implements AsyncDisposable {
  readonly answered: Answered[] = []
  readonly #known = new Set<string>()
  readonly #deciding = new Set<Promise<void>>()
  readonly #done: Promise<void>
  #stopped = false

  constructor(
    private readonly bed: WorkflowTestbed,
    private readonly sink: Sink,
    private readonly seed: number | string,
  ) {
    this.#done = this.#watch()
  }

  async [Symbol.asyncDispose]() {
    this.#stopped = true
    await this.#done
    await Promise.all(this.#deciding)
  }

  async #watch() {
    while (!this.#stopped) {
      const open = await this.#open().catch(() => [])
      for (const review of open.filter(({ id }) => !this.#known.has(id))) this.#meet(review)
      await sleep(40)
    }
  }

  async #open(): Promise<OpenReview[]> {
    const { rows } = await this.bed.superuser.query<OpenReview>(
      `select v.id, v.node, v.checkpoint_id, r.input ->> 'label' as label, v.proposal ? 'effect' as is_doubt
       from workflow.reviews v join workflow.runs r on r.organization_id = v.organization_id and r.id = v.run_id where v.status = 'OPEN'`,
    )
    return rows
  }

  #meet(review: OpenReview) {
    this.#known.add(review.id)
    const random = new Random(`${this.seed}:${review.label}:${review.node}`)
    const people = review.is_doubt || random.chance(0.5) ? 1 : 2
    for (let person = 0; person < people; person += 1) {
      const delayMs = random.between(0, 1) * random.between(0, 400)
      const action = random.pick([ReviewAction.APPROVE, ReviewAction.EDIT, ReviewAction.REJECT])
      const deciding = sleep(delayMs).then(() => this.#decide(review, action))
      this.#deciding.add(deciding)
    }
  }

  /** Asks again as long as nobody can tell whether the decision was taken, as a person would. */
  async #decide(review: OpenReview, wanted: ReviewAction) {
    const { id: reviewId, checkpoint_id: checkpointId, is_doubt, label, node } = review
    while (!this.#stopped) {
      // Whether an effect happened is answered truly.
      const known = this.sink.isApplied(`${label}:${node}`) ? ReviewAction.APPROVE : ReviewAction.REJECT
      const action = is_doubt ? known : wanted
      const value = action === ReviewAction.EDIT ? { note: 'edited' } : null
      try {
        await this.bed.as().reviews.decide({ reviewId, checkpointId, action, value })
        this.answered.push({ reviewId, action })
        return
      } catch (error) {
        if (error instanceof ConflictError) return
        await sleep(100)
      }
    }
  }
}

import { useState } from 'react'
import type { ReviewRowFragment } from '../../gql/graphql.ts'

export interface Selection {
  /** In the order of the queue; what left it is no longer among them. */
  reviews: ReviewRowFragment[]
  has(id: string): boolean
  toggle(id: string): void
  /** All that the viewer may decide, or none of them. */
  toggleAll(): void
  all: boolean
  clear(): void
}

/** Which reviews of the queue are chosen to be decided together: only those that the viewer may decide now. */
export function useSelection(queue: ReviewRowFragment[]): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const able = queue.filter(({ canDecide }) => canDecide.allowed)
  const reviews = able.filter(({ id }) => chosen.has(id))
  const all = able.length > 0 && reviews.length === able.length
  return {
    reviews,
    all,
    has: (id) => chosen.has(id),
    toggle: (id) => setChosen(new Set(chosen.has(id) ? [...chosen].filter((one) => one !== id) : [...chosen, id])),
    toggleAll: () => setChosen(new Set(all ? [] : able.map(({ id }) => id))),
    clear: () => setChosen(new Set()),
  }
}

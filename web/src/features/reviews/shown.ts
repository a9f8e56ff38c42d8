import type { ReviewFilter } from '../../gql/graphql.ts'

/** Which part of the reviews the page shows. */
export type Shown = 'open' | 'mine' | 'overdue' | 'decided'

export const filters: Record<Shown, ReviewFilter> = {
  open: { status: ['OPEN'] },
  mine: { status: ['OPEN'], mine: true },
  overdue: { status: ['OPEN'], overdue: true },
  decided: { status: ['DECIDED', 'EXPIRED', 'WITHDRAWN'] },
}

/** What is said when there is none. */
export const empty: Record<Shown, { title: string; words: string }> = {
  open: { title: 'The line is clear', words: 'No decision waits for you. New ones appear here by themselves.' },
  mine: { title: 'Nothing is yours', words: 'What is assigned to you, and what you have claimed, appears here.' },
  overdue: { title: 'Nothing is late', words: 'Decisions that are past their time appear here.' },
  decided: { title: 'Nothing decided yet', words: 'Decisions appear here.' },
}

export const isShown = (name: string): name is Shown => name in filters

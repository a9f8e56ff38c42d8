import type { ChangeKind, RunRowFragment } from '../../gql/graphql.ts'

export interface RunList {
  runs: RunRowFragment[]
  totalCount: number
}

export interface RunListChange {
  kind: ChangeKind
  run: RunRowFragment
}

export interface ListView {
  /** Only the newest page takes new runs in. */
  newestPage: boolean
  pageSize: number
}

/** The list after one live change: new runs come on top of the newest page, known ones change in place, those that left go. */
export function applyRunChange(list: RunList, { kind, run }: RunListChange, { newestPage, pageSize }: ListView): RunList {
  const index = list.runs.findIndex(({ id }) => id === run.id)
  if (kind === 'LEFT') {
    if (index < 0) return list
    return { runs: list.runs.toSpliced(index, 1), totalCount: Math.max(0, list.totalCount - 1) }
  }
  if (index >= 0) {
    if (list.runs[index]!.lastSeq > run.lastSeq) return list
    return { ...list, runs: list.runs.with(index, run) }
  }
  if (kind !== 'ADDED') return list
  const totalCount = list.totalCount + 1
  if (!newestPage) return { ...list, totalCount }
  const place = list.runs.findIndex(({ queuedAt }) => queuedAt <= run.queuedAt)
  return { runs: list.runs.toSpliced(place < 0 ? list.runs.length : place, 0, run).slice(0, pageSize), totalCount }
}

/** What a run came to, in a few words: its decision, or why there is none. */
export function outcomeOf({ output, failure }: Pick<RunRowFragment, 'output' | 'failure'>): {
  intent?: string
  action?: string
  text?: string
} {
  if (failure) return { text: failure.reason }
  if (typeof output !== 'object' || output === null) return {}
  const { intent, action } = output as { intent?: unknown; action?: unknown }
  return {
    ...(typeof intent === 'string' && { intent }),
    ...(typeof action === 'string' && { action }),
  }
}

/** The words that a run was started with, for a list. */
export function requestOf(input: unknown): string {
  if (typeof input === 'string') return input
  if (typeof input !== 'object' || input === null) return ''
  const { text } = input as { text?: unknown }
  return typeof text === 'string' ? text : (Object.values(input).find((value) => typeof value === 'string') ?? '')
}

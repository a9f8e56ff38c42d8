import { useState } from 'react'

export interface Selection {
  ids: ReadonlySet<string>
  /** Whether all that match are meant, not only those on the page. */
  all: boolean
  toggle(id: string): void
  /** Selects these, or none when they all are. */
  togglePage(ids: string[]): void
  takeAll(all: boolean): void
  clear(): void
}

const NONE: { ids: ReadonlySet<string>; all: boolean } = { ids: new Set(), all: false }

/** The runs that a person ticked in the list; another list begins with none. */
export function useSelection(list: string): Selection {
  const [state, setState] = useState({ list, ...NONE })
  if (state.list !== list) setState({ list, ...NONE })
  const put = (ids: ReadonlySet<string>, all = false) => setState({ list, ids, all })
  return {
    ids: state.ids,
    all: state.all,
    toggle(id) {
      const next = new Set(state.ids)
      if (!next.delete(id)) next.add(id)
      put(next)
    },
    togglePage: (ids) => put(ids.every((id) => state.ids.has(id)) ? new Set() : new Set(ids)),
    takeAll: (all) => put(state.ids, all),
    clear: () => put(new Set()),
  }
}

import { useEffect, useRef, useState } from 'react'
import { useQuery } from 'urql'
import type { RunsQuery } from '../../gql/graphql.ts'
import { useLive } from '../../ui/live/use-live.ts'
import { RunsChangedDocument, RunsDocument } from './run-list.documents.ts'
import { applyRunChange, type RunList } from './run-list.ts'
import { toFilter, type RunListAddress } from './run-filter.ts'

export const PAGE_SIZE = 25

/** Costs follow runs with a little delay: once things are quiet they are read again. */
const SETTLE_MS = 2_500

/** One page of runs, followed live. */
export function useRunList(address: RunListAddress) {
  const filter = toFilter(address)
  const page = address.before ? { last: PAGE_SIZE, before: address.before } : { first: PAGE_SIZE, after: address.after }
  const [{ data, error, fetching, stale }, reload] = useQuery({
    query: RunsDocument,
    variables: { filter, ...page },
    requestPolicy: 'cache-and-network',
  })
  const [shown, setShown] = useState<{ base: RunsQuery | undefined; list: RunList | undefined }>({
    base: undefined,
    list: undefined,
  })
  if (shown.base !== data) setShown({ base: data, list: data && { runs: data.runs.nodes, totalCount: data.runs.totalCount } })

  const refresh = () => reload({ requestPolicy: 'network-only' })
  const settle = useSettle(refresh, SETTLE_MS)
  const newestPage = !address.after && !address.before
  useLive({
    document: RunsChangedDocument,
    variables: { filter },
    onEvent: ({ runsChanged }) => {
      setShown(({ base, list }) => ({
        base,
        list: list && applyRunChange(list, runsChanged, { newestPage, pageSize: PAGE_SIZE }),
      }))
      settle()
    },
    onGap: refresh,
  })
  return { list: shown.list, pageInfo: data?.runs.pageInfo, error, fetching: fetching || stale, refresh }
}

/** Calls once nothing has asked for it any more for a while. */
function useSettle(callback: () => void, ms: number): () => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  return () => {
    clearTimeout(timer.current)
    timer.current = setTimeout(callback, ms)
  }
}

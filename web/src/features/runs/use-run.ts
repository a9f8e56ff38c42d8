import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useQuery } from 'urql'
import type { LiveRunFragment, TransitionFieldsFragment } from '../../gql/graphql.ts'
import { useLive } from '../../ui/live/use-live.ts'
import { hasEnded } from '../../ui/status/run-status.tsx'
import { RunDocument, RunHistoryDocument, RunTransitionsDocument } from './run.documents.ts'
import { addTransition } from './transitions.ts'

/** How long transitions are gathered before the rest of the run is read again. */
const GATHER_MS = 150
/** When a run is read again that is behind: its cost and its snapshot follow it with a little delay. */
const FOLLOW_MS = 1_500
const FOLLOW_TRIES = 8

/** One run with its whole log: read once, then live from the last number seen. */
export function useRun(id: string) {
  const [{ data, error, fetching }, reload] = useQuery({
    query: RunDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  })
  const [history] = useQuery({ query: RunHistoryDocument, variables: { id }, requestPolicy: 'network-only' })
  const stored = history.data?.run?.transitions.nodes
  const [log, setLog] = useState<TransitionFieldsFragment[]>([])
  const [live, setLive] = useState<LiveRunFragment>()
  const [known, setKnown] = useState<typeof stored>()
  if (stored !== known) {
    setKnown(stored)
    setLog((current) => (stored ?? []).reduce(addTransition, current))
  }

  const refresh = () => reload({ requestPolicy: 'network-only' })
  const gather = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(gather.current), [])
  useLive({
    document: RunTransitionsDocument,
    variables: { runId: id, after: stored?.at(-1)?.seq ?? 0 },
    paused: history.fetching || !data?.run,
    onEvent: ({ runTransitions: { run, ...transition } }) => {
      setLog((current) => addTransition(current, transition))
      setLive(run)
      clearTimeout(gather.current)
      gather.current = setTimeout(refresh, GATHER_MS)
    },
  })

  const read = data?.run
  const run = read && live && live.lastSeq >= read.lastSeq ? { ...read, ...live, cost: newerCost(read.cost, live.cost) } : read
  useFollow(read, Math.max(log.at(-1)?.seq ?? 0, live?.lastSeq ?? 0), refresh)
  return { run, log, error: error ?? history.error, fetching, refresh }
}

type Cost = LiveRunFragment['cost']
const newerCost = (one: Cost, other: Cost): Cost => ((one?.asOfSeq ?? -1) > (other?.asOfSeq ?? -1) ? one : other)

/**
 * Reads a run again until the reading has caught up with what was heard of it, in its log or live, and for an ended run until its cost has: a
 * read that is asked for while another one is under way is not made.
 */
function useFollow(read: LiveRunFragment | null | undefined, heardSeq: number, refresh: () => void): void {
  const costBehind = read && hasEnded(read.status) && (read.cost?.asOfSeq ?? -1) < read.lastSeq
  const behind = read && (read.lastSeq < heardSeq || costBehind)
  const again = useEffectEvent(refresh)
  useEffect(() => {
    if (!behind) return
    let tries = 0
    const timer = setInterval(() => {
      tries += 1
      if (tries >= FOLLOW_TRIES) clearInterval(timer)
      again()
    }, FOLLOW_MS)
    return () => clearInterval(timer)
  }, [behind, heardSeq])
}

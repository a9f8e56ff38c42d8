import { useEffect } from 'react'
import { useQuery } from 'urql'
import { KnowledgeBasesDocument } from './knowledge.documents.ts'

/** An empty list names no type that a mutation could touch: it is named here. */
const context = { additionalTypenames: ['KnowledgeBase', 'KnowledgeDocument'] }
const LOOK_EVERY_MS = 2_000

/** The bases that the viewer may see; asked for again while one is being read or measured. */
export function useBases() {
  const [{ data, error, fetching }, ask] = useQuery({
    query: KnowledgeBasesDocument,
    requestPolicy: 'cache-and-network',
    context,
  })
  const bases = data?.knowledgeBases
  const busy = bases?.some(({ waiting, calibrationStatus }) => waiting > 0 || calibrationStatus === 'RUNNING') ?? false
  const reload = () => ask({ requestPolicy: 'network-only' })
  useEffect(() => {
    if (!busy || fetching) return
    const timer = setTimeout(() => ask({ requestPolicy: 'network-only' }), LOOK_EVERY_MS)
    return () => clearTimeout(timer)
  }, [busy, fetching, ask])
  return { bases, error, fetching, reload }
}

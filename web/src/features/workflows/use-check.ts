import { useEffect, useMemo, useState } from 'react'
import { useQuery } from 'urql'
import type { GraphFieldsFragment } from '../../gql/graphql.ts'
import { parseText } from './definition-text.ts'
import type { PlacedFault } from './fault-list.tsx'
import { lineOf, placesOf } from './json-places.ts'
import { CheckWorkflowDocument } from './workflows.documents.ts'

const PAUSE_MS = 350

export interface Check {
  faults: PlacedFault[]
  /** Otherwise it cannot even be stored. */
  isJson: boolean
  graph: GraphFieldsFragment | null
  /** The platform has not yet answered about what was typed last. */
  checking: boolean
  /** It could not be asked. */
  unanswered: boolean
}

/** What is wrong with a definition, asked anew whenever typing pauses. */
export function useCheck(text: string): Check {
  const settled = useSettled(text)
  const parsed = useMemo(() => parseText(settled), [settled])
  const isJson = 'value' in parsed
  const [{ data, fetching, error }] = useQuery({
    query: CheckWorkflowDocument,
    variables: { input: { definition: isJson ? parsed.value : null } },
    pause: !isJson,
    requestPolicy: 'network-only',
  })
  const places = useMemo(() => (isJson ? placesOf(settled) : new Map<string, number>()), [settled, isJson])
  const checking = settled !== text || (isJson && fetching)
  const graph = data?.checkWorkflow.graph ?? null
  if (!isJson)
    return { faults: [{ path: '', message: parsed.message, line: parsed.line }], graph, isJson, checking, unanswered: false }
  const faults = (data?.checkWorkflow.faults ?? [])
    .map((fault) => ({ ...fault, line: lineOf(places, fault.path) }))
    .toSorted((one, other) => one.line - other.line)
  return { faults, graph, isJson, checking, unanswered: error !== undefined }
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}

import { useState } from 'react'
import { useClient, type Client, type CombinedError } from 'urql'
import type { AuditFilter } from '../../gql/graphql.ts'
import { AuditEventsDocument } from './audit.documents.ts'
import { toCsv, type AuditEntry } from './audit-csv.ts'

const PAGE = 200
/** More is for the command line. */
export const MAX_EXPORTED = 20_000

interface ExportState {
  /** Entries read so far; null: nothing is being read. */
  read: number | null
  error: CombinedError | undefined
  cut: boolean
}

/** Reads everything that the filter lets through, page after page, and hands it to the browser as a file. */
export function useAuditExport(filter: AuditFilter) {
  const client = useClient()
  const [state, setState] = useState<ExportState>({ read: null, error: undefined, cut: false })
  const start = async () => {
    const entries: AuditEntry[] = []
    let after: string | null = null
    for (;;) {
      setState({ read: entries.length, error: undefined, cut: false })
      const { data, error } = await readPage(client, filter, after)
      if (!data) return setState({ read: null, error, cut: false })
      const { nodes, pageInfo } = data.auditEvents
      entries.push(...nodes)
      after = pageInfo.endCursor ?? null
      const cut = pageInfo.hasNextPage && entries.length >= MAX_EXPORTED
      if (pageInfo.hasNextPage && !cut) continue
      download(toCsv(entries), `audit-trail-${new Date().toISOString().slice(0, 10)}.csv`)
      return setState({ read: null, error: undefined, cut })
    }
  }
  return { ...state, start }
}

const readPage = (client: Client, filter: AuditFilter, after: string | null) =>
  client.query(AuditEventsDocument, { filter, first: PAGE, after }, { requestPolicy: 'network-only' }).toPromise()

function download(text: string, name: string) {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  URL.revokeObjectURL(url)
}

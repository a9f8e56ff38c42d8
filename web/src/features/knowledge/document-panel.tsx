import DescriptionOutlined from '@mui/icons-material/DescriptionOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Skeleton from '@mui/material/Skeleton'
import Typography from '@mui/material/Typography'
import { useEffect, useEffectEvent, useState } from 'react'
import { useQuery } from 'urql'
import { SearchField } from '../../ui/search-field.tsx'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { DeleteDocumentDialog } from './delete-dialogs.tsx'
import { DocumentRow, type DocumentEntry } from './document-row.tsx'
import { counted } from './knowledge-words.ts'
import { DocumentsOfBaseDocument } from './knowledge.documents.ts'
import { VersionsDialog } from './versions-dialog.tsx'

/** An empty list names no type that a mutation could touch: it is named here. */
const context = { additionalTypenames: ['KnowledgeDocument', 'KnowledgeBase'] }

type Open = { kind: 'versions' | 'deletion'; document: DocumentEntry }

export interface DocumentPanelProps {
  baseId: string
  mayWrite: boolean
  /** Changes when documents came in by another way than a mutation. */
  round: number
}

export function DocumentPanel({ baseId, mayWrite, round }: DocumentPanelProps) {
  const [search, setSearch] = useState('')
  /** The cursors that led here, the present page's last. */
  const [cursors, setCursors] = useState<string[]>([])
  const [open, setOpen] = useState<Open | null>(null)
  const [{ data, error, fetching }, reload] = useQuery({
    query: DocumentsOfBaseDocument,
    variables: { filter: { knowledgeBase: baseId, search }, after: cursors.at(-1) ?? null },
    requestPolicy: 'cache-and-network',
    context,
  })
  const refresh = useEffectEvent(() => reload({ requestPolicy: 'network-only' }))
  useEffect(() => {
    if (round > 0) refresh()
  }, [round])
  const list = data?.knowledgeDocuments
  const find = (words: string) => {
    setSearch(words)
    setCursors([])
  }
  return (
    <Panel title="Documents" aside={<SearchField value={search} placeholder="Words of a document" width={200} onSearch={find} />}>
      {!list && fetching && <Skeleton variant="rounded" height={160} />}
      {error && <ErrorState error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />}
      {list?.nodes.length === 0 && !error && (
        <EmptyState icon={<DescriptionOutlined />} title={search === '' ? 'Nothing in it yet' : 'No document matches'}>
          {search === '' ? 'Add files or pages, and runs can find what stands in them.' : 'Try other words.'}
        </EmptyState>
      )}
      {list && list.nodes.length > 0 && (
        <>
          <Box component="ul" aria-label="Documents" sx={{ listStyle: 'none', m: 0, p: 0 }}>
            {list.nodes.map((document) => (
              <DocumentRow
                key={document.id}
                document={document}
                onVersions={() => setOpen({ kind: 'versions', document })}
                onDelete={mayWrite ? () => setOpen({ kind: 'deletion', document }) : undefined}
              />
            ))}
          </Box>
          <Box component="nav" aria-label="Pages of documents" sx={{ display: 'flex', alignItems: 'center', gap: 1, mt: 1 }}>
            <Typography variant="body2" role="status" sx={{ color: 'text.secondary', flex: 1 }}>
              {counted(list.totalCount, 'document')}
            </Typography>
            {cursors.length > 0 && <Button onClick={() => setCursors(cursors.slice(0, -1))}>Newer</Button>}
            {list.pageInfo.hasNextPage && (
              <Button onClick={() => setCursors([...cursors, list.pageInfo.endCursor!])}>Older</Button>
            )}
          </Box>
        </>
      )}
      {open?.kind === 'versions' && <VersionsDialog baseId={baseId} document={open.document} onClose={() => setOpen(null)} />}
      {open?.kind === 'deletion' && (
        <DeleteDocumentDialog baseId={baseId} document={open.document} onClose={() => setOpen(null)} />
      )}
    </Panel>
  )
}

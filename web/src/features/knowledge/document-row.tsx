import DeleteOutlined from '@mui/icons-material/DeleteOutlined'
import HistoryOutlined from '@mui/icons-material/HistoryOutlined'
import Box from '@mui/material/Box'
import Chip from '@mui/material/Chip'
import IconButton from '@mui/material/IconButton'
import Tooltip from '@mui/material/Tooltip'
import Typography from '@mui/material/Typography'
import type { DocumentsOfBaseQuery } from '../../gql/graphql.ts'
import { Age } from '../../ui/format/age.tsx'
import { humanize } from '../../ui/words.ts'
import { counted, nameOfDocument, plain } from './knowledge-words.ts'

export type DocumentEntry = DocumentsOfBaseQuery['knowledgeDocuments']['nodes'][number]

export interface DocumentRowProps {
  document: DocumentEntry
  onVersions(): void
  /** Absent: the viewer may not. */
  onDelete: (() => void) | undefined
}

export function DocumentRow({ document, onVersions, onDelete }: DocumentRowProps) {
  const name = nameOfDocument(document)
  const short = name.length > 60 ? `${name.slice(0, 60)}…` : name
  return (
    <Box
      component="li"
      sx={{
        display: 'flex',
        gap: 1,
        alignItems: 'flex-start',
        py: 1.25,
        borderTop: 1,
        borderColor: 'divider',
        '&:first-of-type': { borderTop: 0 },
      }}
    >
      <Box sx={{ flex: 1, minWidth: 0 }}>
        <Typography sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}>{name}</Typography>
        {document.title && document.title !== document.excerpt && (
          <Typography variant="body2" noWrap sx={{ color: 'text.secondary' }}>
            {plain(document.excerpt)}
          </Typography>
        )}
        <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', alignItems: 'center', mt: 0.5 }}>
          {document.label && <Chip size="small" label={humanize(document.label)} />}
          <Typography variant="body2" sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>
            {stateOf(document)}
            {document.version > 1 && ` · version ${document.version}`}
            {whence(document)} · <Age at={document.updatedAt} />
          </Typography>
        </Box>
      </Box>
      <Tooltip title="Versions">
        <IconButton aria-label={`Versions of ${short}`} onClick={onVersions}>
          <HistoryOutlined />
        </IconButton>
      </Tooltip>
      {onDelete && (
        <Tooltip title="Delete">
          <IconButton aria-label={`Delete ${short}`} onClick={onDelete}>
            <DeleteOutlined />
          </IconButton>
        </Tooltip>
      )}
    </Box>
  )
}

function stateOf({ status, chunks }: DocumentEntry): string {
  if (status === 'DUPLICATE') return 'Says the same as another document, which is found instead'
  if (status === 'WAITING') return 'Being read'
  return counted(chunks, 'passage')
}

/** Its key tells more than where it came from, unless it was made up for a row of a table. */
function whence({ key, source, title }: DocumentEntry): string {
  const from = key.startsWith('csv:') ? source : key
  return from && from !== title ? ` · ${from}` : ''
}

import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import Skeleton from '@mui/material/Skeleton'
import Typography from '@mui/material/Typography'
import { useQuery } from 'urql'
import { nameOf } from '../../ui/actor-name.ts'
import { Age } from '../../ui/format/age.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { humanize } from '../../ui/words.ts'
import type { DocumentEntry } from './document-row.tsx'
import { counted } from './knowledge-words.ts'
import { VersionsDocument } from './knowledge.documents.ts'

export interface VersionsDialogProps {
  baseId: string
  document: DocumentEntry
  onClose(): void
}

/** When a document changed, and by whose hand. */
export function VersionsDialog({ baseId, document, onClose }: VersionsDialogProps) {
  const [{ data, error, fetching }, reload] = useQuery({
    query: VersionsDocument,
    variables: { filter: { knowledgeBase: baseId, id: document.id } },
    requestPolicy: 'network-only',
  })
  const versions = data?.knowledgeDocuments.nodes[0]?.versions
  return (
    <Dialog open onClose={onClose} aria-labelledby="versions-title" fullWidth maxWidth="sm">
      <DialogTitle id="versions-title">Versions</DialogTitle>
      <DialogContent>
        {fetching && <Skeleton variant="rounded" height={90} />}
        {error && <ErrorState error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />}
        <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1.5 }}>
          {versions?.map(({ version, title, label, characters, createdAt, author }, place) => (
            <li key={version}>
              <Typography sx={{ fontWeight: 600 }}>
                Version {version}
                {place === 0 && ', the present one'}
              </Typography>
              <Typography variant="body2" sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>
                {author ? nameOf(author) : 'Signalbox'}, <Age at={createdAt} /> · {counted(characters, 'character')}
                {title && ` · ${title}`}
                {label && ` · ${humanize(label)}`}
              </Typography>
            </li>
          ))}
        </Box>
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2.5 }}>
        <Button onClick={onClose}>Close</Button>
      </DialogActions>
    </Dialog>
  )
}

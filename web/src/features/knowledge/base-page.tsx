import ArrowBackOutlined from '@mui/icons-material/ArrowBackOutlined'
import MenuBookOutlined from '@mui/icons-material/MenuBookOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Skeleton from '@mui/material/Skeleton'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { useCan, useViewer } from '../../ui/session/viewer.ts'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { PageHeader } from '../../ui/states/page-header.tsx'
import { AddPanel } from './add-panel.tsx'
import { DeleteBaseDialog } from './delete-dialogs.tsx'
import { DocumentPanel } from './document-panel.tsx'
import { counted, type Base } from './knowledge-words.ts'
import { TrustPanel } from './trust-panel.tsx'
import { TryPanel } from './try-panel.tsx'
import { useBases } from './use-bases.ts'

/** `/knowledge/:baseId`. */
export function Component() {
  const { baseId } = useParams()
  const { bases, error, fetching, reload } = useBases()
  const base = bases?.find(({ id }) => id === baseId)
  if (base) return <BaseView key={base.id} base={base} reload={reload} />
  if (!bases && error) return <ErrorState error={error} onRetry={reload} />
  if (fetching) return <Skeleton variant="rounded" height={300} />
  return (
    <EmptyState
      icon={<MenuBookOutlined />}
      title="There is no such knowledge base"
      action={
        <Button component={Link} to="/knowledge" variant="outlined">
          All knowledge
        </Button>
      }
    />
  )
}

function BaseView({ base, reload }: { base: Base; reload(): void }) {
  const { organization } = useViewer()
  const mayWrite = useCan('kb:write') && base.organization?.id === organization.id
  const [deleting, setDeleting] = useState(false)
  const [round, setRound] = useState(0)
  const changed = () => {
    // An upload goes past the client's cache: what it holds of the base is asked for anew.
    setRound((before) => before + 1)
    reload()
  }
  const lead = `${counted(base.documents, 'document')}, ${counted(base.chunks, 'passage')}${base.waiting > 0 ? `, ${base.waiting.toLocaleString('en')} being read` : ''}`
  return (
    <>
      <Button component={Link} to="/knowledge" size="small" startIcon={<ArrowBackOutlined />} sx={{ mb: 1 }}>
        All knowledge
      </Button>
      <PageHeader
        title={base.name}
        lead={lead}
        actions={
          mayWrite && (
            <Button color="error" onClick={() => setDeleting(true)}>
              Delete this base
            </Button>
          )
        }
      />
      <Box
        sx={{
          display: 'grid',
          gap: 2,
          alignItems: 'start',
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 3fr) minmax(0, 2fr)' },
        }}
      >
        <Box sx={{ display: 'grid', gap: 2, minWidth: 0 }}>
          {mayWrite && <AddPanel baseId={base.id} onTaken={changed} />}
          <DocumentPanel round={round} baseId={base.id} mayWrite={mayWrite} />
        </Box>
        <Box sx={{ display: 'grid', gap: 2, minWidth: 0, order: { xs: base.documents > 0 ? -1 : 0, lg: 0 } }}>
          <TryPanel baseId={base.id} />
          <TrustPanel base={base} mayWrite={mayWrite} reload={reload} />
        </Box>
      </Box>
      {deleting && <DeleteBaseDialog base={base} onClose={() => setDeleting(false)} />}
    </>
  )
}

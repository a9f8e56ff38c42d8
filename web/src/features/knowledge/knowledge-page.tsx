import AddOutlined from '@mui/icons-material/AddOutlined'
import MenuBookOutlined from '@mui/icons-material/MenuBookOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Card from '@mui/material/Card'
import CardActionArea from '@mui/material/CardActionArea'
import Skeleton from '@mui/material/Skeleton'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { Link } from 'react-router'
import { useCan, useViewer } from '../../ui/session/viewer.ts'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { PageHeader } from '../../ui/states/page-header.tsx'
import { CreateBaseDialog } from './create-base-dialog.tsx'
import { calibrationWords, counted, type Base } from './knowledge-words.ts'
import { useBases } from './use-bases.ts'

/** `/knowledge`: what runs look things up in. */
export function Component() {
  const { bases, error, reload } = useBases()
  const [creating, setCreating] = useState(false)
  const create = useCan('kb:write') && (
    <Button variant="contained" startIcon={<AddOutlined />} onClick={() => setCreating(true)}>
      New knowledge base
    </Button>
  )
  return (
    <>
      <PageHeader title="Knowledge" lead="What runs look things up in, and the examples that they decide by." actions={create} />
      {!bases && !error && <Skeleton variant="rounded" height={150} />}
      {!bases && error && <ErrorState error={error} onRetry={reload} />}
      {bases?.length === 0 && (
        <EmptyState icon={<MenuBookOutlined />} title="No knowledge yet" action={create}>
          A base holds what your workflows may rely on: handbooks, prices, answered questions.
        </EmptyState>
      )}
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'repeat(2, minmax(0, 1fr))' } }}>
        {bases?.map((base) => (
          <BaseCard key={base.id} base={base} />
        ))}
      </Box>
      {creating && <CreateBaseDialog onClose={() => setCreating(false)} />}
    </>
  )
}

function BaseCard({ base }: { base: Base }) {
  const { organization } = useViewer()
  const theirs = base.organization && base.organization.id !== organization.id ? base.organization.name : null
  return (
    <Card>
      <CardActionArea component={Link} to={`/knowledge/${base.id}`} sx={{ p: 2.5, height: '100%' }}>
        <Typography variant="h2" sx={{ overflowWrap: 'anywhere' }}>
          {base.name}
        </Typography>
        {theirs && <Typography variant="body2">{theirs}</Typography>}
        <Typography sx={{ color: 'text.secondary', mt: 0.5 }}>
          {counted(base.documents, 'document')}, {counted(base.chunks, 'passage')}
          {base.waiting > 0 && `, ${base.waiting.toLocaleString('en')} being read`}
        </Typography>
        <Typography variant="body2" sx={{ color: 'text.secondary', mt: 1 }}>
          {calibrationWords(base)}
        </Typography>
      </CardActionArea>
    </Card>
  )
}

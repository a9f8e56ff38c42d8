import EditNoteOutlined from '@mui/icons-material/EditNoteOutlined'
import Box from '@mui/material/Box'
import Card from '@mui/material/Card'
import Link from '@mui/material/Link'
import Typography from '@mui/material/Typography'
import { Link as RouterLink } from 'react-router'
import type { WorkflowsQuery } from '../../gql/graphql.ts'
import { nameOf } from '../../ui/actor-name.ts'
import { Age } from '../../ui/format/age.tsx'
import { useViewer } from '../../ui/session/viewer.ts'
import { StatusChip } from '../../ui/status/status-chip.tsx'

export function WorkflowCard({ workflow }: { workflow: WorkflowsQuery['workflows']['nodes'][number] }) {
  const { organization: own } = useViewer()
  const { id, name, description, currentVersion, draft, recentRuns, organization } = workflow
  return (
    <Card component="li" sx={{ position: 'relative', p: { xs: 2, md: 2.5 }, '&:hover': { borderColor: 'primary.main' } }}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.25, flexWrap: 'wrap' }}>
        <Typography variant="h3" component="h2">
          <Link
            component={RouterLink}
            to={`/workflows/${id}`}
            sx={{ color: 'text.primary', '&::after': { content: '""', position: 'absolute', inset: 0 } }}
          >
            {name}
          </Link>
        </Typography>
        {draft && (
          <StatusChip word={currentVersion ? 'Being changed' : 'Not published yet'} tone="warning" Icon={EditNoteOutlined} />
        )}
        {organization && organization.id !== own.id && (
          <Typography variant="body2" sx={{ color: 'text.secondary' }}>
            {organization.name}
          </Typography>
        )}
      </Box>
      {description && (
        <Typography variant="body2" sx={{ mt: 0.75, maxWidth: '80ch' }}>
          {description}
        </Typography>
      )}
      <Typography variant="body2" sx={{ color: 'text.secondary', mt: 0.75 }}>
        {currentVersion && (
          <>
            Version {currentVersion.number}
            {currentVersion.publishedAt && (
              <>
                , published <Age at={currentVersion.publishedAt} />
              </>
            )}
            {currentVersion.publishedBy && ` by ${nameOf(currentVersion.publishedBy)}`}
            {' · '}
          </>
        )}
        {recentRuns.toLocaleString('en')} {recentRuns === 1 ? 'run' : 'runs'} in 30 days
      </Typography>
    </Card>
  )
}

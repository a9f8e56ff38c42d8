import Box from '@mui/material/Box'
import Link from '@mui/material/Link'
import Typography from '@mui/material/Typography'
import { Link as RouterLink } from 'react-router'
import { Age } from '../../ui/format/age.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { RunStatusChip } from '../../ui/status/run-status.tsx'
import type { RunView } from './run-head.tsx'
import { requestOf } from './run-list.ts'

/** The run that this one came from, and those that came from it. */
export function RelatedRuns({ run: { forkedFrom, forkedCheckpointId, forks } }: { run: RunView }) {
  if (!forkedFrom && forks.totalCount === 0) return null
  return (
    <Panel title="Related runs">
      {forkedFrom && (
        <Typography sx={{ mb: forks.totalCount > 0 ? 1.5 : 0 }}>
          {forkedCheckpointId ? 'Branched off from ' : 'Runs again '}
          <Link component={RouterLink} to={`/runs/${forkedFrom.id}`}>
            {requestOf(forkedFrom.input).slice(0, 80) || `run ${forkedFrom.id.slice(-8)}`}
          </Link>
        </Typography>
      )}
      <Box
        component="ul"
        aria-label="Runs that came from this one"
        sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1 }}
      >
        {forks.nodes.map((fork) => (
          <Box component="li" key={fork.id} sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.25, alignItems: 'center' }}>
            <RunStatusChip status={fork.status} />
            <Link component={RouterLink} to={`/runs/${fork.id}`}>
              {fork.forkedCheckpointId ? 'Branched off' : 'Run again'} <Age at={fork.queuedAt} />
            </Link>
            <Typography variant="body2" sx={{ color: 'text.secondary' }}>
              version {fork.version.number}
            </Typography>
          </Box>
        ))}
      </Box>
      {forks.totalCount > forks.nodes.length && (
        <Typography variant="body2" sx={{ mt: 1, color: 'text.secondary' }}>
          and {forks.totalCount - forks.nodes.length} more
        </Typography>
      )}
    </Panel>
  )
}

import Box from '@mui/material/Box'
import Link from '@mui/material/Link'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'
import { Link as RouterLink } from 'react-router'
import type { RunStatus } from '../../gql/graphql.ts'
import { Age } from '../../ui/format/age.tsx'
import { RunStatusChip } from '../../ui/status/run-status.tsx'

export interface TriggerCardProps {
  name: string
  /** Beside the name: paused, off. */
  state?: ReactNode
  /** What it does, in a sentence. */
  lead: ReactNode
  /** Terms and what they are. */
  facts: [string, ReactNode][]
  /** Why it started nothing lately. */
  trouble?: ReactNode
  actions?: ReactNode
}

/** One trigger of a list. */
export function TriggerCard({ name, state, lead, facts, trouble, actions }: TriggerCardProps) {
  return (
    <Box component="li" sx={{ py: 2, borderTop: 1, borderColor: 'divider', '&:first-of-type': { borderTop: 0, pt: 0.5 } }}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, flexWrap: 'wrap' }}>
        <Typography variant="h3" sx={{ overflowWrap: 'anywhere' }}>
          {name}
        </Typography>
        {state}
      </Box>
      <Typography sx={{ mt: 0.25 }}>{lead}</Typography>
      <Box
        component="dl"
        sx={{
          m: 0,
          mt: 1,
          display: 'grid',
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: '110px minmax(0, 1fr)' },
          columnGap: 2,
          rowGap: { xs: 0.25, sm: 0.75 },
          alignItems: 'center',
        }}
      >
        {facts.flatMap(([term, fact]) => [
          <Typography key={term} component="dt" variant="body2" sx={{ color: 'text.secondary' }}>
            {term}
          </Typography>,
          <Typography key={`${term}=`} component="dd" variant="body2" sx={{ m: 0, overflowWrap: 'anywhere' }}>
            {fact}
          </Typography>,
        ])}
      </Box>
      {trouble && (
        <Typography variant="body2" sx={{ mt: 1, color: 'warning.main', overflowWrap: 'anywhere' }}>
          {trouble}
        </Typography>
      )}
      {actions && <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', mt: 1.5 }}>{actions}</Box>}
    </Box>
  )
}

interface LastRunProps {
  run: { id: string; status: RunStatus; queuedAt: string } | null | undefined
}

/** The latest run that a trigger started, and how it stands. */
export function LastRun({ run }: LastRunProps) {
  if (!run) return <>none yet</>
  return (
    <Box component="span" sx={{ display: 'inline-flex', alignItems: 'center', gap: 1, flexWrap: 'wrap' }}>
      <RunStatusChip status={run.status} />
      <Link component={RouterLink} to={`/runs/${run.id}`}>
        <Age at={run.queuedAt} />
      </Link>
    </Box>
  )
}

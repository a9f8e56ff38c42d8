import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Card from '@mui/material/Card'
import Chip from '@mui/material/Chip'
import MuiLink from '@mui/material/Link'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { Link } from 'react-router'
import { useMutation } from 'urql'
import type { DeadLettersQuery } from '../../gql/graphql.ts'
import { describeError } from '../../ui/errors.ts'
import { Age } from '../../ui/format/age.tsx'
import { useCan, useViewer } from '../../ui/session/viewer.ts'
import { humanize } from '../../ui/words.ts'
import { RedriveRunsDocument } from './attention.documents.ts'
import { BulkProgress } from './bulk-progress.tsx'
import { runsWord } from './bulk-words.ts'
import { DismissDialog } from './dismiss-dialog.tsx'
import { failureKinds } from './failure-notice.tsx'
import { requestOf } from './run-list.ts'

type Group = DeadLettersQuery['deadLetters'][number]

export interface FailureGroupCardProps {
  group: Group
  onChanged(): void
}

/** Like failures as one: what happened how often, what helps, and the way to deal with them all. */
export function FailureGroupCard({ group, onChanged }: FailureGroupCardProps) {
  const { failure, workflow, count, firstSeen, lastSeen, example } = group
  return (
    <Card component="li" sx={{ p: { xs: 2, md: 2.5 }, display: 'grid', gap: 1.25, gridTemplateColumns: 'minmax(0, 1fr)' }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
        <Typography variant="h2" sx={{ flex: '1 1 240px' }}>
          {failureKinds[failure.code] ?? 'The run failed'}
        </Typography>
        <Chip color="error" variant="outlined" size="small" label={runsWord(count)} />
      </Box>
      <Typography sx={{ overflowWrap: 'anywhere' }}>{failure.reason}</Typography>
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        {workflow.name}
        {failure.node && ` · step “${humanize(failure.node)}”`}
        {group.organization?.name && ` · ${group.organization.name}`}
        {' · latest '}
        <Age at={lastSeen} />
        {count > 1 && (
          <>
            {' · first '}
            <Age at={firstSeen} />
          </>
        )}
      </Typography>
      {failure.consequence && <Typography variant="body2">{failure.consequence}</Typography>}
      {failure.advice && (
        <Typography variant="body2">
          <strong>What helps:</strong> {failure.advice}
        </Typography>
      )}
      <Typography variant="body2">
        For example:{' '}
        <MuiLink component={Link} to={`/runs/${example.id}`}>
          {requestOf(example.input).slice(0, 100) || `run ${example.id.slice(-8)}`}
        </MuiLink>
      </Typography>
      <GroupActions group={group} onChanged={onChanged} />
    </Card>
  )
}

function GroupActions({ group: { id, count, organization }, onChanged }: FailureGroupCardProps) {
  const own = useViewer().organization.id === organization?.id
  const may = useCan('wrm:write') && own
  const [dismissing, setDismissing] = useState(false)
  const [{ data, error, fetching }, redrive] = useMutation(RedriveRunsDocument)
  const operation = data?.redriveRuns.operation
  if (operation) return <BulkProgress operation={operation} onFinished={onChanged} />
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
      {may && (
        <Button
          variant="contained"
          loading={fetching}
          onClick={() => void redrive({ input: { group: id, expectedCount: count } })}
        >
          Retry {runsWord(count)}
        </Button>
      )}
      <Button component={Link} to={`/runs?group=${id}`} variant="outlined">
        Show {count === 1 ? 'it' : 'them'}
      </Button>
      {may && <Button onClick={() => setDismissing(true)}>Dismiss…</Button>}
      {!own && (
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          Switch to this organisation to deal with it.
        </Typography>
      )}
      {error && (
        <Alert severity="error" sx={{ width: '100%' }}>
          {describeError(error).detail}
        </Alert>
      )}
      {dismissing && <DismissDialog group={id} onClose={() => setDismissing(false)} onDismissed={onChanged} />}
    </Box>
  )
}

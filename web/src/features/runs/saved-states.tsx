import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Skeleton from '@mui/material/Skeleton'
import Typography from '@mui/material/Typography'
import { lazy, Suspense, useState } from 'react'
import { useQuery } from 'urql'
import { formatClock, formatMoment } from '../../ui/format/time.ts'
import { useCan } from '../../ui/session/viewer.ts'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { RunCheckpointsDocument } from './run-actions.documents.ts'
import type { RunView } from './run-head.tsx'
import { nextWords, type SavedState } from './saved-state.ts'

const ForkDialog = lazy(() => import('./fork-dialog.tsx'))

/** The states that were saved after each step; a new run can branch off from each that something follows. */
export function SavedStates({ run }: { run: RunView }) {
  const [open, setOpen] = useState(false)
  return (
    <Panel
      title="Saved states"
      aside={
        <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Hide' : 'Show'}
        </Button>
      }
    >
      {open ? (
        <StateList run={run} />
      ) : (
        <Typography sx={{ color: 'text.secondary' }}>
          After each step its state is saved; a new run can go on from there.
        </Typography>
      )}
    </Panel>
  )
}

function StateList({ run }: { run: RunView }) {
  const may = useCan('wrm:write')
  const [chosen, setChosen] = useState<SavedState>()
  const [{ data, error }, reload] = useQuery({
    query: RunCheckpointsDocument,
    variables: { id: run.id, first: 200 },
    requestPolicy: 'cache-and-network',
  })
  if (error && !data) return <ErrorState error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />
  if (!data) return <Skeleton variant="rounded" height={120} />
  const states = data.run?.checkpoints.nodes ?? []
  if (states.length === 0) return <Typography sx={{ color: 'text.secondary' }}>None yet, or no longer kept.</Typography>
  return (
    <>
      <Box component="ol" aria-label="Saved states" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {states.map((saved) => (
          <Box
            component="li"
            key={saved.id}
            sx={{ display: 'flex', gap: 1, alignItems: 'center', minHeight: 44, borderTop: 1, borderColor: 'divider' }}
          >
            <Box sx={{ flex: 1, minWidth: 0 }}>
              {saved.next.length === 0 ? 'The end' : <>Before {nextWords(saved.next)}</>}
              <Typography
                component="time"
                dateTime={saved.createdAt}
                title={formatMoment(saved.createdAt)}
                variant="body2"
                sx={{ color: 'text.secondary', ml: 1 }}
              >
                {formatClock(saved.createdAt)}
              </Typography>
            </Box>
            {may && saved.next.length > 0 && (
              <Button size="small" onClick={() => setChosen(saved)} aria-label={`Branch off before ${nextWords(saved.next)}`}>
                Branch off…
              </Button>
            )}
          </Box>
        ))}
      </Box>
      <Suspense>{chosen && <ForkDialog run={run} saved={chosen} onClose={() => setChosen(undefined)} />}</Suspense>
    </>
  )
}

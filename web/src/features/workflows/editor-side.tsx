import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Skeleton from '@mui/material/Skeleton'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { lazy, Suspense } from 'react'
import { faultOf } from '../../ui/errors.ts'
import { Panel } from '../../ui/states/panel.tsx'
import { FaultList } from './fault-list.tsx'
import type { Check } from './use-check.ts'
import type { DraftState } from './use-draft.ts'

const DefinitionGraph = lazy(() => import('./definition-graph.tsx'))

export interface EditorSideProps {
  draft: DraftState
  check: Check
  faultsId: string
  onGoTo(line: number): void
}

/** Beside the text: what is wrong, what it does, and how people call it. */
export function EditorSide({ draft, check, faultsId, onGoTo }: EditorSideProps) {
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }}>
      <Panel title="Check">
        {check.unanswered ? (
          <Alert severity="warning">The check cannot be reached at the moment. Your text stays here.</Alert>
        ) : (
          <FaultList id={faultsId} faults={check.faults} checking={check.checking} onGoTo={onGoTo} />
        )}
      </Panel>
      <Panel title="Steps">
        {check.graph ? (
          <Suspense fallback={<Skeleton variant="rounded" height={160} />}>
            <DefinitionGraph graph={check.graph} />
          </Suspense>
        ) : (
          <Typography sx={{ color: 'text.secondary' }}>The steps are drawn once they can be read.</Typography>
        )}
      </Panel>
      <Panel title="In words">
        <Box sx={{ display: 'grid', gap: 2 }}>
          <TextField
            label="Name"
            value={draft.name}
            onChange={(event) => draft.change({ name: event.target.value })}
            error={faultOf(draft.fault, 'name') !== undefined}
            helperText={faultOf(draft.fault, 'name')}
          />
          <TextField
            label="What it does"
            multiline
            minRows={2}
            value={draft.description}
            onChange={(event) => draft.change({ description: event.target.value })}
          />
        </Box>
      </Panel>
    </Box>
  )
}

import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import { useState } from 'react'
import { EvidenceList } from '../../ui/evidence-list.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import type { RunView } from './run-head.tsx'

const SHOWN = 4

/** What the run retrieved, from its latest search. */
export function Evidence({ steps }: { steps: RunView['steps'] }) {
  const [all, setAll] = useState(false)
  const hits = steps.findLast(({ evidence }) => evidence.length > 0)?.evidence ?? []
  if (hits.length === 0) return null
  return (
    <Panel title="Evidence">
      <EvidenceList hits={all ? hits : hits.slice(0, SHOWN)} />
      {hits.length > SHOWN && (
        <Box sx={{ mt: 1 }}>
          <Button size="small" onClick={() => setAll(!all)}>
            {all ? 'Show fewer' : `Show all ${hits.length}`}
          </Button>
        </Box>
      )}
    </Panel>
  )
}

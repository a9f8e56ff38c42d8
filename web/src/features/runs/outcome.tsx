import Accordion from '@mui/material/Accordion'
import AccordionDetails from '@mui/material/AccordionDetails'
import AccordionSummary from '@mui/material/AccordionSummary'
import Box from '@mui/material/Box'
import Chip from '@mui/material/Chip'
import ExpandMoreOutlined from '@mui/icons-material/ExpandMoreOutlined'
import Typography from '@mui/material/Typography'
import { formatShare } from '../../ui/format/numbers.ts'
import { Code, JsonFields, Quote } from '../../ui/json-fields.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { hasEnded } from '../../ui/status/run-status.tsx'
import { humanize } from '../../ui/words.ts'
import { requestOf } from './run-list.ts'
import type { RunView } from './run-head.tsx'

interface Decision {
  intent?: string
  action?: string
  confidence?: number
  reply?: string
  automated?: boolean
}

/** What came in and what came of it. */
export function Outcome({ run }: { run: RunView }) {
  const output = run.output as Decision | null
  const request = requestOf(run.input)
  return (
    <Panel
      title="Request and result"
      aside={
        typeof output?.automated === 'boolean' && (
          <Chip size="small" variant="outlined" label={output.automated ? 'Decided automatically' : 'Decided by a person'} />
        )
      }
    >
      <Box sx={{ display: 'grid', gap: 2 }}>
        {request ? <Quote text={request} /> : <JsonFields value={run.input} />}
        {output ? (
          <Result output={output} />
        ) : (
          <Typography sx={{ color: 'text.secondary' }}>{hasEnded(run.status) ? 'No result.' : 'No result yet.'}</Typography>
        )}
        {run.state != null && (
          <Accordion
            disableGutters
            elevation={0}
            sx={{ bgcolor: 'transparent', '&::before': { display: 'none' } }}
            slotProps={{ transition: { unmountOnExit: true } }}
          >
            <AccordionSummary expandIcon={<ExpandMoreOutlined />} sx={{ px: 0, minHeight: 40 }}>
              Current state
            </AccordionSummary>
            <AccordionDetails sx={{ px: 0 }}>
              <Code value={run.state} />
            </AccordionDetails>
          </Accordion>
        )}
      </Box>
    </Panel>
  )
}

function Result({ output }: { output: Decision }) {
  const { intent, action, confidence, reply } = output
  return (
    <>
      <Box sx={{ display: 'flex', gap: 3, flexWrap: 'wrap' }}>
        {intent && <Figure name="Intent" value={humanize(intent)} />}
        {action && <Figure name="Action" value={humanize(action)} />}
        {typeof confidence === 'number' && <Figure name="Confidence" value={formatShare(confidence)} />}
      </Box>
      {reply && (
        <Box>
          <Typography variant="body2" sx={{ color: 'text.secondary', mb: 0.5 }}>
            Reply
          </Typography>
          <Quote text={reply} />
        </Box>
      )}
      <JsonFields value={output} omit={['intent', 'action', 'confidence', 'reply', 'automated']} />
    </>
  )
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <Box>
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        {name}
      </Typography>
      <Typography sx={{ fontWeight: 650 }}>{value}</Typography>
    </Box>
  )
}

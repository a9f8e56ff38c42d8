import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { useMutation } from 'urql'
import { describeError } from '../../ui/errors.ts'
import { Age } from '../../ui/format/age.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { calibrationWords, type Base } from './knowledge-words.ts'
import { CalibrateDocument } from './knowledge.documents.ts'

const WANTED = 0.95

/** How far decisions by the base's examples can be trusted, and a button to find out. */
export function TrustPanel({ base, mayWrite, reload }: { base: Base; mayWrite: boolean; reload(): void }) {
  const [{ fetching, error }, calibrate] = useMutation(CalibrateDocument)
  const measure = async () => {
    const targetPrecision = base.calibration?.targetPrecision ?? WANTED
    const { data } = await calibrate({ input: { knowledgeBase: base.id, targetPrecision } })
    if (data) reload()
  }
  const running = base.calibrationStatus === 'RUNNING'
  return (
    <Panel title="How far it can decide">
      <Typography role="status">{calibrationWords(base)}</Typography>
      {base.calibration && (
        <Typography variant="body2" sx={{ color: 'text.secondary', mt: 0.5 }}>
          Measured <Age at={base.calibration.calibratedAt} />. Each example was taken out and asked as if it were new.
        </Typography>
      )}
      {mayWrite && (
        <Button variant="outlined" size="small" loading={fetching || running} onClick={() => void measure()} sx={{ mt: 1.5 }}>
          Measure again
        </Button>
      )}
      {error && (
        <Alert severity="error" sx={{ mt: 1.5 }}>
          {describeError(error).detail}
        </Alert>
      )}
      <Typography variant="body2" sx={{ color: 'text.secondary', mt: 1.5, overflowWrap: 'anywhere' }}>
        Meaning is compared by {base.embeddingModel}.
      </Typography>
    </Panel>
  )
}

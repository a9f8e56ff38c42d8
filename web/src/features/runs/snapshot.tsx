import Box from '@mui/material/Box'
import Chip from '@mui/material/Chip'
import Typography from '@mui/material/Typography'
import type { RunQuery } from '../../gql/graphql.ts'
import { BeforeAfter } from '../../ui/before-after.tsx'
import { formatShare } from '../../ui/format/numbers.ts'
import { formatDuration, formatMoment } from '../../ui/format/time.ts'
import { Panel } from '../../ui/states/panel.tsx'
import { baselineSource } from '../../ui/words.ts'

type EffectivenessSnapshot = NonNullable<RunQuery['run']>['effectiveness']

const HOUR_MS = 3_600_000

/** Before and after for this one run, once its case has closed. */
export function Snapshot({ snapshot }: { snapshot: EffectivenessSnapshot }) {
  if (!snapshot) {
    return (
      <Panel title="Before and after">
        <Typography sx={{ color: 'text.secondary' }}>The comparison is frozen when the case closes.</Typography>
      </Panel>
    )
  }
  const { before, after, change, percentile, rolling, rollingN } = snapshot
  return (
    <Panel
      title="Before and after"
      aside={<Chip size="small" variant="outlined" label={`Baseline ${baselineSource(before.source)}`} />}
    >
      <Typography
        sx={{ fontSize: '1.5rem', fontWeight: 680, letterSpacing: '-0.02em', color: change >= 0 ? 'success.main' : 'error.main' }}
      >
        {formatShare(Math.abs(change))} {change >= 0 ? 'faster' : 'slower'} than before
      </Typography>
      <Box sx={{ my: 1.5 }}>
        <BeforeAfter
          before={before.median}
          after={after}
          beforeLabel={`Before: ${formatDuration(before.median * HOUR_MS)}`}
          afterLabel={`This run: ${formatDuration(after * HOUR_MS)}`}
        />
      </Box>
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        {percentile != null && `Faster than ${Math.round(percentile)} % of the cases before. `}
        {rolling != null && rollingN > 1 && `Last 30 days: ${formatDuration(rolling * HOUR_MS)} (n = ${rollingN}). `}
        Baseline: {before.window}, n = {before.n}. Frozen {formatMoment(snapshot.frozenAt)}.
      </Typography>
    </Panel>
  )
}

import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import type { KpiFieldsFragment } from '../../gql/graphql.ts'
import { formatKpi, splitOf, type SplitName } from './kpi-words.ts'

const looks: Record<SplitName, { label: string; color: string }> = {
  queue: { label: 'In the queue', color: 'info.main' },
  machine: { label: 'Machine at work', color: 'primary.main' },
  'human wait': { label: 'Waiting for a person', color: 'warning.main' },
  'retry wait': { label: 'Waiting to retry', color: 'error.main' },
  outside: { label: 'Outside of runs', color: 'text.secondary' },
}

/** Where the time of a case goes. */
export function SplitBar({ parts }: { parts: KpiFieldsFragment['parts'] }) {
  const split = splitOf(parts)
  if (split.length === 0) return null
  return (
    <Box role="group" aria-label="Where the time goes">
      <Typography variant="body2" sx={{ fontWeight: 650, mb: 0.75 }}>
        Where the time goes
      </Typography>
      <Box aria-hidden sx={{ display: 'flex', height: 16, borderRadius: 2, overflow: 'hidden', gap: '2px', mb: 1 }}>
        {split.map(({ name, share }) => (
          <Box key={name} sx={{ width: `${share * 100}%`, minWidth: 4, bgcolor: looks[name].color }} />
        ))}
      </Box>
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'flex', flexWrap: 'wrap', columnGap: 2.5, rowGap: 0.5 }}>
        {split.map(({ name, hours }) => (
          <Box component="li" key={name} sx={{ display: 'flex', alignItems: 'center', gap: 0.75, fontSize: '0.8rem' }}>
            <Box aria-hidden sx={{ width: 10, height: 10, borderRadius: '3px', bgcolor: looks[name].color }} />
            {looks[name].label} <strong>{formatKpi(hours, 'hours')}</strong>
          </Box>
        ))}
      </Box>
    </Box>
  )
}

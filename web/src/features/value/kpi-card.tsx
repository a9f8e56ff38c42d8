import ExpandMoreOutlined from '@mui/icons-material/ExpandMoreOutlined'
import HourglassEmptyOutlined from '@mui/icons-material/HourglassEmptyOutlined'
import TrendingDownOutlined from '@mui/icons-material/TrendingDownOutlined'
import TrendingUpOutlined from '@mui/icons-material/TrendingUpOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Card from '@mui/material/Card'
import Chip from '@mui/material/Chip'
import Collapse from '@mui/material/Collapse'
import Tooltip from '@mui/material/Tooltip'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import type { KpiFieldsFragment } from '../../gql/graphql.ts'
import { BeforeAfter } from '../../ui/before-after.tsx'
import { formatShare } from '../../ui/format/numbers.ts'
import { humanize } from '../../ui/words.ts'
import {
  changeWords,
  comparisonOf,
  countWords,
  formatKpi,
  intervalWords,
  listedParts,
  noteWords,
  type KpiText,
} from './kpi-words.ts'
import { SplitBar } from './split-bar.tsx'

export interface KpiCardProps {
  text: KpiText
  kpi: KpiFieldsFragment
  /** The time span that is shown: `30 days`. */
  window: string
}

/** One business figure at a glance, with everything needed to judge it one press away. */
export function KpiCard({ text, kpi, window }: KpiCardProps) {
  const [open, setOpen] = useState(false)
  const parts = listedParts(kpi.parts)
  return (
    <Card component="section" aria-label={text.title} sx={{ p: 2.5, display: 'flex', flexDirection: 'column', gap: 1.5 }}>
      <Box>
        <Typography variant="h2">{text.title}</Typography>
        <Typography variant="body2" sx={{ color: 'text.secondary', mt: 0.25 }}>
          {text.question}
        </Typography>
      </Box>
      {kpi.value === null || kpi.value === undefined ? (
        <NotEnough kpi={kpi} text={text} />
      ) : (
        <Figure kpi={kpi} value={kpi.value} />
      )}
      {text.key === 'turnaround' && <SplitBar parts={kpi.parts} />}
      <Box sx={{ mt: 'auto', pt: 1 }}>
        <Basis kpi={kpi} text={text} window={window} />
        {(parts.length > 0 || kpi.note) && (
          <>
            <Button
              size="small"
              onClick={() => setOpen(!open)}
              aria-expanded={open}
              endIcon={<ExpandMoreOutlined sx={{ rotate: open ? '180deg' : 0 }} />}
              sx={{ ml: -1, mt: 0.5 }}
            >
              {open ? 'Less' : 'How it is made up'}
            </Button>
            <Collapse in={open} unmountOnExit>
              <Parts kpi={kpi} />
            </Collapse>
          </>
        )}
      </Box>
    </Card>
  )
}

function Figure({ kpi, value }: { kpi: KpiFieldsFragment; value: number }) {
  const change = changeWords(kpi)
  const interval = intervalWords(kpi)
  const comparison = comparisonOf(kpi)
  return (
    <>
      <Box>
        <Typography
          component="p"
          sx={{
            fontSize: '2.3rem',
            fontWeight: 720,
            letterSpacing: '-0.03em',
            lineHeight: 1.1,
            fontVariantNumeric: 'tabular-nums',
          }}
        >
          {formatKpi(value, kpi.unit)}
          {kpi.unit === 'points' && (
            <Typography component="span" sx={{ color: 'text.secondary', ml: 0.75 }}>
              of 100
            </Typography>
          )}
        </Typography>
        {change && (
          <Typography
            component="p"
            sx={{
              display: 'flex',
              alignItems: 'center',
              gap: 0.75,
              mt: 0.75,
              fontWeight: 650,
              color: change.better ? 'success.main' : 'error.main',
            }}
          >
            {change.better ? (
              <TrendingUpOutlined aria-hidden fontSize="small" />
            ) : (
              <TrendingDownOutlined aria-hidden fontSize="small" />
            )}
            {change.words}
          </Typography>
        )}
        {interval && (
          <Tooltip title="95 % interval: with this much data, the true figure lies in there 19 times out of 20.">
            <Typography variant="body2" tabIndex={0} sx={{ color: 'text.secondary', mt: 0.5, width: 'fit-content' }}>
              {interval}
            </Typography>
          </Tooltip>
        )}
      </Box>
      {comparison && (
        <BeforeAfter
          before={comparison.before}
          after={comparison.now}
          beforeLabel={`Before: ${formatKpi(comparison.before, comparison.unit)}`}
          afterLabel={`Now: ${formatKpi(comparison.now, comparison.unit)}`}
        />
      )}
    </>
  )
}

/** Too little data gives no figure: it says what is there and what is missing. */
function NotEnough({ kpi, text }: { kpi: KpiFieldsFragment; text: KpiText }) {
  return (
    <Box sx={{ display: 'flex', gap: 1.25, py: 1.5, color: 'text.secondary' }}>
      <HourglassEmptyOutlined aria-hidden />
      <Box>
        <Typography sx={{ fontWeight: 650, color: 'text.primary' }}>Not enough data yet</Typography>
        <Typography variant="body2">{kpi.note ? noteWords(kpi.note) : `${countWords(kpi.n, text.counted)} so far.`}</Typography>
      </Box>
    </Box>
  )
}

const sourceHints = {
  MEASURED: 'The figures from before were measured.',
  LOGGED: 'The figures from before come from logs.',
  ESTIMATED: 'The figures from before are an estimate, so the comparison is one too.',
} as const

function Basis({ kpi, text, window }: KpiCardProps) {
  const { n, coverage, baseline } = kpi
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center', fontSize: '0.8rem', color: 'text.secondary' }}>
      <span>
        {countWords(n, text.counted)}, last {window}
        {coverage != null && coverage < 1 && ` · ${formatShare(coverage)} covered`}
      </span>
      {baseline ? (
        <Tooltip title={`${sourceHints[baseline.source]} ${baseline.window}${baseline.n > 0 ? `, n = ${baseline.n}` : ''}.`}>
          <Chip
            size="small"
            tabIndex={0}
            variant="outlined"
            color={baseline.source === 'ESTIMATED' ? 'warning' : 'default'}
            label={`Baseline ${baseline.source}`}
          />
        </Tooltip>
      ) : (
        <Chip size="small" variant="outlined" label="No baseline" />
      )}
    </Box>
  )
}

function Parts({ kpi }: { kpi: KpiFieldsFragment }) {
  return (
    <Box sx={{ pt: 1 }}>
      {kpi.value != null && kpi.note && (
        <Typography variant="body2" sx={{ mb: 1 }}>
          {noteWords(kpi.note)}
        </Typography>
      )}
      <Box component="dl" sx={{ m: 0, display: 'grid', gap: 1 }}>
        {listedParts(kpi.parts).map((part) => (
          <Box key={part.name}>
            <Box sx={{ display: 'flex', justifyContent: 'space-between', gap: 2 }}>
              <Typography component="dt" variant="body2">
                {humanize(part.name)}
              </Typography>
              <Typography component="dd" variant="body2" sx={{ m: 0, fontWeight: 650, fontVariantNumeric: 'tabular-nums' }}>
                {part.value == null ? '–' : formatKpi(part.value, part.unit)}
              </Typography>
            </Box>
            {part.note && (
              <Typography variant="body2" sx={{ color: 'text.secondary', fontSize: '0.8rem' }}>
                {part.note}
              </Typography>
            )}
          </Box>
        ))}
      </Box>
      <Typography variant="body2" sx={{ color: 'text.secondary', mt: 1, fontSize: '0.75rem' }}>
        Formula version {kpi.formulaVersion}
      </Typography>
    </Box>
  )
}

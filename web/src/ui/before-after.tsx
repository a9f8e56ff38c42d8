import Box from '@mui/material/Box'

export interface BeforeAfterProps {
  /** Both in the same unit, not negative. */
  before: number
  after: number
  beforeLabel: string
  afterLabel: string
}

/** Two bars on one scale. */
export function BeforeAfter({ before, after, beforeLabel, afterLabel }: BeforeAfterProps) {
  const top = Math.max(before, after, Number.MIN_VALUE)
  return (
    <Box sx={{ display: 'grid', gap: 0.75 }}>
      <Bar share={before / top} label={beforeLabel} color="text.secondary" faint />
      <Bar share={after / top} label={afterLabel} color="primary.main" />
    </Box>
  )
}

function Bar({ share, label, color, faint = false }: { share: number; label: string; color: string; faint?: boolean }) {
  return (
    <Box>
      <Box sx={{ fontSize: '0.8rem', color: faint ? 'text.secondary' : 'text.primary', fontWeight: faint ? 400 : 600, mb: 0.25 }}>
        {label}
      </Box>
      <Box aria-hidden sx={{ height: 10, borderRadius: 5, bgcolor: 'action.hover', overflow: 'hidden' }}>
        <Box
          sx={{
            height: '100%',
            width: `${Math.max(0.6, share * 100)}%`,
            borderRadius: 5,
            bgcolor: color,
            opacity: faint ? 0.5 : 1,
          }}
        />
      </Box>
    </Box>
  )
}

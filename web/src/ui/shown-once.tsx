import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { CopyButton } from './copy-button.tsx'

export const mono = { fontFamily: 'ui-monospace, Menlo, Consolas, monospace', fontSize: '0.8125rem' } as const

/** A secret, or what goes with it, to be copied at once. */
export function ShownOnce({ label, value, what }: { label: string; value: string; what: string }) {
  return (
    <Box
      sx={{
        display: 'flex',
        alignItems: 'center',
        gap: 1,
        border: 1,
        borderColor: 'divider',
        borderRadius: '10px',
        px: 1.5,
        py: 0.5,
      }}
    >
      <Box sx={{ flex: 1, minWidth: 0 }}>
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          {label}
        </Typography>
        <Box component="code" aria-label={label} sx={{ ...mono, overflowWrap: 'anywhere', userSelect: 'all' }}>
          {value}
        </Box>
      </Box>
      <CopyButton text={value} what={what} />
    </Box>
  )
}

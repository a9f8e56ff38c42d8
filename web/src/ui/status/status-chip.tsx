import type { SvgIconComponent } from '@mui/icons-material'
import Box from '@mui/material/Box'

export type Tone = 'neutral' | 'info' | 'success' | 'warning' | 'error'

export const toneColor: Record<Tone, string> = {
  neutral: 'text.secondary',
  info: 'info.main',
  success: 'success.main',
  warning: 'warning.main',
  error: 'error.main',
}

export interface StatusChipProps {
  word: string
  tone: Tone
  Icon: SvgIconComponent
  size?: 'small' | 'medium' | undefined
}

/** A state as icon and word, so that its colour is never all that tells it. */
export function StatusChip({ word, tone, Icon, size = 'small' }: StatusChipProps) {
  const small = size === 'small'
  return (
    <Box
      component="span"
      sx={{
        display: 'inline-flex',
        alignItems: 'center',
        gap: 0.6,
        px: small ? 0.9 : 1.25,
        py: small ? 0.3 : 0.6,
        borderRadius: 2,
        border: 1,
        borderColor: 'currentColor',
        bgcolor: 'background.paper',
        color: toneColor[tone],
        fontWeight: 650,
        fontSize: small ? '0.8rem' : '0.9rem',
        lineHeight: 1.3,
        whiteSpace: 'nowrap',
      }}
    >
      <Icon aria-hidden sx={{ fontSize: small ? 16 : 19 }} />
      {word}
    </Box>
  )
}

import Box from '@mui/material/Box'
import { keyframes } from '@mui/material/styles'
import { useConnectionState, type ConnectionState } from './connection-state.ts'

const looks: Record<ConnectionState, { word: string; color: string }> = {
  idle: { word: 'Up to date', color: 'text.secondary' },
  connecting: { word: 'Connecting…', color: 'warning.main' },
  live: { word: 'Live', color: 'success.main' },
  reconnecting: { word: 'Reconnecting…', color: 'warning.main' },
  offline: { word: 'Offline', color: 'error.main' },
}

const blink = keyframes`50% { opacity: 0.25 }`

/** Says in a word whether what is shown follows the platform; spoken when it changes. */
export function LiveIndicator() {
  const state = useConnectionState()
  const { word, color } = looks[state]
  return (
    <Box
      role="status"
      aria-live="polite"
      data-state={state}
      sx={{
        display: 'inline-flex',
        alignItems: 'center',
        gap: 0.75,
        color,
        fontSize: '0.8rem',
        fontWeight: 600,
        whiteSpace: 'nowrap',
      }}
    >
      <Box
        aria-hidden
        component="span"
        sx={{
          width: 8,
          height: 8,
          borderRadius: '50%',
          bgcolor: 'currentColor',
          animation: state === 'reconnecting' || state === 'connecting' ? `${blink} 1s infinite` : 'none',
          '@media (prefers-reduced-motion: reduce)': { animation: 'none' },
        }}
      />
      {word}
    </Box>
  )
}

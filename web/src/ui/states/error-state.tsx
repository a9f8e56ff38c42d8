import ReplayOutlined from '@mui/icons-material/ReplayOutlined'
import Alert from '@mui/material/Alert'
import AlertTitle from '@mui/material/AlertTitle'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import type { CombinedError } from 'urql'
import { describeError } from '../errors.ts'

export interface ErrorStateProps {
  error: CombinedError | undefined
  onRetry?: () => void
  /** Stands alone on the page instead of inside a section. */
  page?: boolean
}

export function ErrorState({ error, onRetry, page = false }: ErrorStateProps) {
  const fault = describeError(error)
  return (
    <Box sx={page ? { maxWidth: 560, mx: 'auto', mt: '18vh', px: 2 } : {}}>
      <Alert
        severity="error"
        variant="outlined"
        action={
          onRetry && (
            <Button color="inherit" size="small" startIcon={<ReplayOutlined />} onClick={onRetry}>
              Try again
            </Button>
          )
        }
      >
        <AlertTitle>{fault.title}</AlertTitle>
        {fault.detail}
        {fault.requestId && <Box sx={{ mt: 0.5, fontSize: '0.8rem' }}>Reference for support: {fault.requestId}</Box>}
      </Alert>
    </Box>
  )
}

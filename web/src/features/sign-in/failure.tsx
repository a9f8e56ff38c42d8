import Alert from '@mui/material/Alert'
import AlertTitle from '@mui/material/AlertTitle'
import Box from '@mui/material/Box'
import type { CombinedError } from 'urql'
import { describeError } from '../../ui/errors.ts'

/** Why a step of the sign-in did not work; a limit says how long it lasts. */
export function Failure({ error }: { error: CombinedError | undefined }) {
  const fault = error && describeError(error)
  return (
    <Box aria-live="assertive">
      {fault && (
        <Alert severity={fault.code === 'RATE_LIMITED' ? 'warning' : 'error'}>
          {fault.code === 'RATE_LIMITED' && <AlertTitle>{fault.title}</AlertTitle>}
          {fault.detail}
        </Alert>
      )}
    </Box>
  )
}

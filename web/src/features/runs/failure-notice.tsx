import Alert from '@mui/material/Alert'
import AlertTitle from '@mui/material/AlertTitle'
import { humanize } from '../../ui/words.ts'
import type { RunView } from './run-head.tsx'

export const failureKinds: Record<string, string> = {
  INPUT: 'The request could not be worked with',
  KNOWLEDGE: 'The knowledge could not be searched',
  MODEL: 'The model gave no usable answer',
  TOOL: 'A connected system did not take it',
  POLICY: 'A rule forbids it',
  BUDGET: 'The budget was used up',
  TIMEOUT: 'It took too long',
  PLATFORM: 'The platform had a problem',
}

/** Why a run failed, what that means, and whether trying again can help: in words for the business. */
export function FailureNotice({ run: { failure, status, handledReason } }: { run: RunView }) {
  if (!failure || status === 'SUCCEEDED') return null
  return (
    <Alert severity="error" variant="outlined" sx={{ mb: 2 }}>
      <AlertTitle>{failureKinds[failure.code] ?? 'The run failed'}</AlertTitle>
      {failure.reason}
      {failure.node &&
        ` It happened in the step “${humanize(failure.node)}”${(failure.attempt ?? 1) > 1 ? `, on try ${failure.attempt}` : ''}.`}
      {failure.consequence && (
        <>
          <br />
          <strong>What that means:</strong> {failure.consequence}
        </>
      )}
      <br />
      <strong>What helps:</strong>{' '}
      {failure.advice ??
        (failure.retryable ? 'Trying again can help.' : 'Trying again will not help unless something is changed first.')}
      {handledReason && (
        <>
          <br />
          <strong>Dismissed:</strong> {handledReason}
        </>
      )}
    </Alert>
  )
}

import Alert from '@mui/material/Alert'
import AlertTitle from '@mui/material/AlertTitle'
import type { Fault } from '../../ui/errors.ts'

const explanations: Record<string, string> = {
  CONFLICT: 'Your answer was not used: somebody decided this first. Their decision is shown below.',
  PRECONDITION_FAILED:
    'The run has moved on since you opened this, so your answer was not used. What you see now is how it stands; please look again.',
}

/** A conflict with a decision, not with somebody who is at it just now. */
const isDecided = ({ code, current }: Fault) =>
  code in explanations && (code !== 'CONFLICT' || (current as { status?: string } | null)?.status !== undefined)

/** Why an answer was not taken, and what stands instead. */
export function Refusal({ fault }: { fault: Fault }) {
  return (
    <Alert severity={fault.code in explanations ? 'warning' : 'error'}>
      <AlertTitle>{fault.title}</AlertTitle>
      {isDecided(fault) ? explanations[fault.code] : fault.detail}
      {fault.fields.map(({ path, message }) => (
        <div key={path}>
          {path}: {message}
        </div>
      ))}
    </Alert>
  )
}

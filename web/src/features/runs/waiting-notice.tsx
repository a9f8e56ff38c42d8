import Alert from '@mui/material/Alert'
import AlertTitle from '@mui/material/AlertTitle'
import Button from '@mui/material/Button'
import { Link } from 'react-router'
import { dueWords } from '../../ui/format/time.ts'
import { useNow } from '../../ui/format/use-now.ts'
import type { RunView } from './run-head.tsx'

/** Leads to the decision that the run waits for. */
export function WaitingNotice({ run }: { run: RunView }) {
  const now = useNow(10_000)
  const open = run.reviews.find(({ status }) => status === 'OPEN')
  if (!open || run.status !== 'WAITING_FOR_REVIEW') return null
  return (
    <Alert
      severity="warning"
      variant="outlined"
      sx={{ mb: 2 }}
      action={
        <Button component={Link} to={`/reviews/${open.id}`} variant="contained" color="warning" size="small">
          Decide
        </Button>
      }
    >
      <AlertTitle>A person decides here</AlertTitle>
      {open.question} <em>({dueWords(open.dueAt, now).words})</em>
    </Alert>
  )
}

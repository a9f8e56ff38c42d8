import Alert from '@mui/material/Alert'
import AlertTitle from '@mui/material/AlertTitle'
import Button from '@mui/material/Button'
import { Link } from 'react-router'
import { dueWords } from '../../ui/format/time.ts'
import { useNow } from '../../ui/format/use-now.ts'
import type { RunView } from './run-head.tsx'

/** Leads to the decisions that the run waits for. */
export function WaitingNotice({ run }: { run: RunView }) {
  const now = useNow(10_000)
  if (run.status !== 'WAITING_FOR_REVIEW') return null
  return run.reviews
    .filter(({ status }) => status === 'OPEN')
    .map(({ id, question, dueAt }) => (
      <Alert
        key={id}
        severity="warning"
        variant="outlined"
        sx={{ mb: 2 }}
        action={
          <Button component={Link} to={`/reviews/${id}`} variant="contained" color="warning" size="small">
            Decide
          </Button>
        }
      >
        <AlertTitle>A person decides here</AlertTitle>
        {question} <em>({dueWords(dueAt, now).words})</em>
      </Alert>
    ))
}

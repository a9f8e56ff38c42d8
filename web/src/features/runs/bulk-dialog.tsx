import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import Skeleton from '@mui/material/Skeleton'
import Typography from '@mui/material/Typography'
import { useMutation, useQuery } from 'urql'
import type { BulkAction, PreviewBulkQuery, RunFilter } from '../../gql/graphql.ts'
import { describeError } from '../../ui/errors.ts'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { runStatusLooks } from '../../ui/status/run-status.tsx'
import { BulkProgress } from './bulk-progress.tsx'
import { bulkWords, runsWord } from './bulk-words.ts'
import { BulkRunsDocument, PreviewBulkDocument } from './bulk.documents.ts'
import { requestOf } from './run-list.ts'

type Preview = PreviewBulkQuery['previewBulk']

export interface BulkDialogProps {
  filter: RunFilter
  action: BulkAction
  onClose(): void
  onFinished(): void
}

/** Says what an action on many runs would do, does it, and shows how far it has come. */
export default function BulkDialog({ filter, action, onClose, onFinished }: BulkDialogProps) {
  const words = bulkWords[action]
  const [{ data, error, fetching }, reload] = useQuery({
    query: PreviewBulkDocument,
    variables: { filter, action },
    requestPolicy: 'network-only',
  })
  const [started, start] = useMutation(BulkRunsDocument)
  const preview = data?.previewBulk
  const operation = started.data?.bulkRuns.operation
  const again = () => reload({ requestPolicy: 'network-only' })
  return (
    <Dialog open onClose={onClose} aria-labelledby="bulk-title" fullWidth maxWidth="sm">
      <DialogTitle id="bulk-title">
        {words.verb} {preview ? runsWord(preview.count) : 'runs'}
        {operation ? '' : '?'}
      </DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }}>
        {operation && <BulkProgress operation={operation} onFinished={onFinished} />}
        {!operation && !preview && error && <ErrorState error={error} onRetry={again} />}
        {!operation && !preview && !error && <Skeleton variant="rounded" height={140} />}
        {!operation && preview && <PreviewView preview={preview} meaning={words.meaning} />}
        {started.error && (
          <Alert
            severity="error"
            action={
              <Button color="inherit" size="small" onClick={again}>
                Look again
              </Button>
            }
          >
            {describeError(started.error).detail}
          </Alert>
        )}
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2.5 }}>
        <Button onClick={onClose}>{operation ? 'Close' : 'Leave them'}</Button>
        {!operation && (
          <Button
            variant="contained"
            color={action === 'CANCEL' ? 'error' : 'primary'}
            disabled={!preview || preview.count === 0}
            loading={fetching || started.fetching}
            onClick={() => void start({ input: { action, filter, token: preview!.token } })}
          >
            {words.verb} {preview ? runsWord(preview.count) : ''}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  )
}

function PreviewView({
  preview: { count, byStatus, byWorkflow, refusals, sample },
  meaning,
}: {
  preview: Preview
  meaning: string
}) {
  if (count === 0) {
    return (
      <Typography>
        There is no run to do this to
        {refusals.length > 0 && `: ${refusals.map((one) => `${runsWord(one.count)} ${one.reason}`).join(', ')}`}.
      </Typography>
    )
  }
  const states = byStatus.map((one) => `${one.count} ${runStatusLooks[one.status].word.toLowerCase()}`)
  const workflows = byWorkflow.map((one) => `${one.workflow.name} (${one.count})`)
  return (
    <>
      <Typography>{meaning}</Typography>
      <Box component="dl" sx={{ m: 0, display: 'grid', gridTemplateColumns: 'auto minmax(0, 1fr)', columnGap: 2, rowGap: 0.5 }}>
        <Term name="Now" value={states.join(', ')} />
        <Term name="Workflow" value={workflows.join(', ')} />
        {refusals.length > 0 && (
          <Term name="Left out" value={refusals.map((one) => `${runsWord(one.count)} ${one.reason}`).join(', ')} />
        )}
      </Box>
      <Box component="ul" aria-label="Some of them" sx={{ m: 0, pl: 2.5, color: 'text.secondary', fontSize: '0.9rem' }}>
        {sample.map(({ id, input }) => (
          <Box component="li" key={id} sx={{ overflowWrap: 'anywhere' }}>
            {requestOf(input).slice(0, 110) || `Run ${id.slice(-8)}`}
          </Box>
        ))}
        {count > sample.length && <Box component="li">and {(count - sample.length).toLocaleString('en')} more</Box>}
      </Box>
    </>
  )
}

function Term({ name, value }: { name: string; value: string }) {
  return (
    <>
      <Typography component="dt" sx={{ color: 'text.secondary' }}>
        {name}
      </Typography>
      <Typography component="dd" sx={{ m: 0 }}>
        {value}
      </Typography>
    </>
  )
}

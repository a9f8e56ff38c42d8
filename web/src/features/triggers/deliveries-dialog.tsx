import CheckCircleOutlined from '@mui/icons-material/CheckCircleOutlined'
import ErrorOutlined from '@mui/icons-material/ErrorOutlined'
import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import Link from '@mui/material/Link'
import Skeleton from '@mui/material/Skeleton'
import Typography from '@mui/material/Typography'
import { Link as RouterLink } from 'react-router'
import { useMutation, useQuery } from 'urql'
import type { DeliveriesQuery } from '../../gql/graphql.ts'
import { describeError } from '../../ui/errors.ts'
import { Age } from '../../ui/format/age.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { StatusChip } from '../../ui/status/status-chip.tsx'
import { DeliveriesDocument, RedeliverDocument } from './webhook.documents.ts'
import { deliveryLooks, faultWords } from './words.ts'

type Delivery = Extract<NonNullable<DeliveriesQuery['trigger']>, { __typename: 'WebhookTrigger' }>['deliveries']['nodes'][number]

export interface DeliveriesDialogProps {
  webhook: { id: string; name: string }
  canChange: boolean
  onClose(): void
}

/** What came to a webhook lately, with what became of it. */
export function DeliveriesDialog({ webhook, canChange, onClose }: DeliveriesDialogProps) {
  const [{ data, error }, reload] = useQuery({
    query: DeliveriesDocument,
    variables: { id: webhook.id },
    requestPolicy: 'cache-and-network',
  })
  const deliveries = data?.trigger?.__typename === 'WebhookTrigger' ? data.trigger.deliveries.nodes : undefined
  return (
    <Dialog open onClose={onClose} aria-labelledby="deliveries-title" fullWidth maxWidth="md">
      <DialogTitle id="deliveries-title">Deliveries of {webhook.name}</DialogTitle>
      <DialogContent>
        {!deliveries && error && <ErrorState error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />}
        {!deliveries && !error && <Skeleton variant="rounded" height={160} />}
        {deliveries?.length === 0 && <Typography sx={{ color: 'text.secondary' }}>Nothing was sent to it yet.</Typography>}
        <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none' }}>
          {deliveries?.map((delivery) => (
            <DeliveryRow key={delivery.id} delivery={delivery} canChange={canChange} />
          ))}
        </Box>
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2.5 }}>
        <Button onClick={() => reload({ requestPolicy: 'network-only' })}>Look again</Button>
        <Button variant="contained" onClick={onClose}>
          Close
        </Button>
      </DialogActions>
    </Dialog>
  )
}

function DeliveryRow({ delivery, canChange }: { delivery: Delivery; canChange: boolean }) {
  const { id, receivedAt, status, httpStatus, createdRun, canRedeliver, redeliveredAt, headers, body, fault, run } = delivery
  const [{ fetching, error }, redeliver] = useMutation(RedeliverDocument)
  const look = deliveryLooks[status]
  return (
    <Box component="li" sx={{ py: 1.5, borderTop: 1, borderColor: 'divider', '&:first-of-type': { borderTop: 0 } }}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.5, flexWrap: 'wrap' }}>
        <StatusChip {...look} Icon={status === 'ACCEPTED' ? CheckCircleOutlined : ErrorOutlined} />
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          <Age at={receivedAt} />, answered {httpStatus}
        </Typography>
        {run && (
          <Link component={RouterLink} to={`/runs/${run.id}`} variant="body2">
            {createdRun ? 'The run' : 'A repetition: the first run'}
          </Link>
        )}
        {redeliveredAt && (
          <Typography variant="body2" sx={{ color: 'text.secondary' }}>
            tried again <Age at={redeliveredAt} />
          </Typography>
        )}
        {canRedeliver && canChange && (
          <Button
            size="small"
            variant="outlined"
            loading={fetching}
            onClick={() => void redeliver({ input: { deliveryId: id } })}
            sx={{ ml: 'auto' }}
          >
            Try again
          </Button>
        )}
      </Box>
      {fault && (
        <Typography variant="body2" sx={{ mt: 0.75, overflowWrap: 'anywhere' }}>
          {faultWords(fault)}
        </Typography>
      )}
      {error && (
        <Alert severity="error" sx={{ mt: 1 }}>
          {describeError(error).detail}
        </Alert>
      )}
      <Box
        component="details"
        sx={{ mt: 0.75, '& summary': { cursor: 'pointer', fontSize: '0.875rem', color: 'text.secondary' } }}
      >
        <summary>What was sent</summary>
        <Sent>{lines(headers)}</Sent>
        {body !== null && <Sent>{JSON.stringify(body, null, 2)}</Sent>}
      </Box>
    </Box>
  )
}

const lines = (headers: unknown) =>
  Object.entries((headers ?? {}) as Record<string, string>)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')

function Sent({ children }: { children: string }) {
  return (
    <Box
      component="pre"
      tabIndex={0}
      sx={{
        m: 0,
        mt: 1,
        p: 1.5,
        maxHeight: 240,
        overflow: 'auto',
        borderRadius: '10px',
        bgcolor: 'action.hover',
        fontSize: '0.8125rem',
        whiteSpace: 'pre-wrap',
        overflowWrap: 'anywhere',
      }}
    >
      {children}
    </Box>
  )
}

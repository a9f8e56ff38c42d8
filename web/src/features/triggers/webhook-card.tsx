import BlockOutlined from '@mui/icons-material/BlockOutlined'
import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import { useMutation } from 'urql'
import type { WebhookCardFragment } from '../../gql/graphql.ts'
import { describeError } from '../../ui/errors.ts'
import { Age } from '../../ui/format/age.tsx'
import { StatusChip } from '../../ui/status/status-chip.tsx'
import { LastRun, TriggerCard } from './trigger-card.tsx'
import { UpdateWebhookDocument } from './webhook.documents.ts'
import { deliveryLooks, signatureWords } from './words.ts'

export interface WebhookCardProps {
  webhook: WebhookCardFragment
  canChange: boolean
  onDeliveries(): void
  onRotate(): void
  onEdit(): void
  onDelete(): void
}

export function WebhookCard(props: WebhookCardProps) {
  const { name, enabled, pathHint, requireSignature, signatureForm, lastRun, latest, workflow } = props.webhook
  const last = latest.nodes[0]
  return (
    <TriggerCard
      name={name}
      state={!enabled && <StatusChip word="Off" tone="neutral" Icon={BlockOutlined} />}
      lead={`Starts ${workflow.name} when something is sent to its address.`}
      facts={[
        ['Address', `${location.origin}/hooks/in/…${pathHint}`],
        ['Signed', requireSignature ? signatureWords[signatureForm] : 'not at all: whoever knows the address is believed'],
        [
          'Last delivery',
          last ? (
            <>
              {deliveryLooks[last.status].word}, <Age at={last.receivedAt} />
            </>
          ) : (
            'none yet'
          ),
        ],
        ['Last run', <LastRun key="last" run={lastRun} />],
      ]}
      trouble={last?.fault?.message}
      actions={<Actions {...props} />}
    />
  )
}

function Actions({ webhook: { id, name, enabled }, canChange, onDeliveries, onRotate, onEdit, onDelete }: WebhookCardProps) {
  const [{ fetching, error }, update] = useMutation(UpdateWebhookDocument)
  return (
    <>
      <Button size="small" variant="outlined" onClick={onDeliveries} aria-label={`Deliveries of ${name}`}>
        Deliveries
      </Button>
      {canChange && (
        <>
          <Button
            size="small"
            variant="outlined"
            loading={fetching}
            onClick={() => void update({ input: { id, enabled: !enabled } })}
            aria-label={`Turn ${name} ${enabled ? 'off' : 'on'}`}
          >
            {enabled ? 'Turn off' : 'Turn on'}
          </Button>
          <Button size="small" variant="outlined" onClick={onRotate} aria-label={`New secret for ${name}`}>
            New secret
          </Button>
          <Button size="small" variant="outlined" onClick={onEdit} aria-label={`Change ${name}`}>
            Change
          </Button>
          <Button size="small" color="error" onClick={onDelete} aria-label={`Delete ${name}`}>
            Delete
          </Button>
        </>
      )}
      {error && (
        <Box role="status" sx={{ flexBasis: '100%' }}>
          <Alert severity="error">{describeError(error).detail}</Alert>
        </Box>
      )}
    </>
  )
}

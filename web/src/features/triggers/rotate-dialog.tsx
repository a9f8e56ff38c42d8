import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { useMutation } from 'urql'
import type { RotateWebhookSecretMutation, WebhookCardFragment } from '../../gql/graphql.ts'
import { describeError, faultOf } from '../../ui/errors.ts'
import { TriggerDialog } from './trigger-dialog.tsx'
import { RotateWebhookSecretDocument } from './webhook.documents.ts'

export interface RotateDialogProps {
  webhook: WebhookCardFragment
  onMade(made: RotateWebhookSecretMutation['rotateWebhookSecret']): void
  onClose(): void
}

export function RotateDialog({ webhook, onMade, onClose }: RotateDialogProps) {
  const [secret, setSecret] = useState('')
  const [leaked, setLeaked] = useState(false)
  const [{ fetching, error }, rotate] = useMutation(RotateWebhookSecretDocument)
  const fault = error && describeError(error)
  const save = async () => {
    const own = secret.trim() && { secret: secret.trim() }
    const ends = leaked ? { overlapHours: 0, newAddress: true } : {}
    const { data } = await rotate({ input: { id: webhook.id, ...own, ...ends } })
    if (data) onMade(data.rotateWebhookSecret)
  }
  return (
    <TriggerDialog
      title={`New secret for ${webhook.name}`}
      busy={fetching}
      fault={fault}
      onSave={() => void save()}
      onClose={onClose}
    >
      <Typography>
        {leaked
          ? 'Address and secret of before stop at once. Until the sender has the new ones, nothing arrives.'
          : 'The secret of before holds for another 24 hours, so that the sender can be changed in the meantime.'}
      </Typography>
      <FormControlLabel
        label="Somebody else has them: change the address too, at once"
        control={<Checkbox checked={leaked} onChange={(_event, checked) => setLeaked(checked)} />}
      />
      <TextField
        label="The sender’s own secret (optional)"
        type="password"
        autoComplete="new-password"
        value={secret}
        onChange={(event) => setSecret(event.target.value)}
        error={faultOf(fault, 'secret') !== undefined}
        helperText={faultOf(fault, 'secret') ?? 'Left empty, one is made for you.'}
      />
    </TriggerDialog>
  )
}

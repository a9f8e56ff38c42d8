import { useMutation } from 'urql'
import { ConfirmDialog } from '../../ui/dialogs/confirm-dialog.tsx'
import { DeleteFollowUpDocument } from './follow-up.documents.ts'
import { DeleteScheduleDocument } from './schedule.documents.ts'
import { DeleteWebhookDocument } from './webhook.documents.ts'

const consequences = {
  schedule: 'It starts nothing from then on.',
  webhook: 'Its address is gone for good: whoever still sends to it is told that it does not exist.',
  followUp: 'Runs that end start nothing through it from then on.',
}

export interface DeleteDialogProps {
  kind: keyof typeof consequences
  id: string
  name: string
  onClose(): void
}

export function DeleteDialog({ kind, id, name, onClose }: DeleteDialogProps) {
  const schedule = useMutation(DeleteScheduleDocument)
  const webhook = useMutation(DeleteWebhookDocument)
  const followUp = useMutation(DeleteFollowUpDocument)
  const [{ fetching, error }, remove] = { schedule, webhook, followUp }[kind]
  const confirm = async () => {
    const { data } = await remove({ input: { id } })
    if (data) onClose()
  }
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      confirm="Delete"
      destructive
      busy={fetching}
      error={error}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      {consequences[kind]} The runs that it started stay.
    </ConfirmDialog>
  )
}

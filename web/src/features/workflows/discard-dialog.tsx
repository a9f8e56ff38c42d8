import { useMutation } from 'urql'
import { ConfirmDialog } from '../../ui/dialogs/confirm-dialog.tsx'
import { DiscardDraftDocument } from './workflows.documents.ts'

export interface DiscardDialogProps {
  workflowId: string
  revision: number
  onDiscarded(): void
  onClose(): void
}

export function DiscardDialog({ workflowId, revision, onDiscarded, onClose }: DiscardDialogProps) {
  const [{ fetching, error }, discard] = useMutation(DiscardDraftDocument)
  const confirm = async () => {
    const { data } = await discard({ input: { workflow: workflowId, revision } })
    if (data) onDiscarded()
  }
  return (
    <ConfirmDialog
      title="Discard the draft?"
      confirm="Discard"
      destructive
      busy={fetching}
      error={error}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      What you and others wrote since the last version is gone. The version that runs stays as it is.
    </ConfirmDialog>
  )
}

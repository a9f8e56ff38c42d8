import { useMutation } from 'urql'
import { ConfirmDialog } from '../../ui/dialogs/confirm-dialog.tsx'
import { kinds, type Connection } from './connection-kinds.ts'
import { DeleteConnectionDocument } from './connections.documents.ts'

export function DeleteDialog({ connection, onClose }: { connection: Connection; onClose(): void }) {
  const { name, without } = kinds[connection.kind]
  const [{ fetching, error }, remove] = useMutation(DeleteConnectionDocument)
  const confirm = async () => {
    const { data } = await remove({ input: { id: connection.id } })
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
      Its secret is erased for good. From then on: {without.charAt(0).toLowerCase() + without.slice(1)}
    </ConfirmDialog>
  )
}

import { useNavigate } from 'react-router'
import { useMutation } from 'urql'
import { ConfirmDialog } from '../../ui/dialogs/confirm-dialog.tsx'
import type { DocumentEntry } from './document-row.tsx'
import { counted, nameOfDocument, type Base } from './knowledge-words.ts'
import { DeleteBaseDocument, DeleteDocumentsDocument } from './knowledge.documents.ts'

interface DeleteDocumentDialogProps {
  baseId: string
  document: DocumentEntry
  onClose(): void
}

export function DeleteDocumentDialog({ baseId, document, onClose }: DeleteDocumentDialogProps) {
  const [{ fetching, error }, remove] = useMutation(DeleteDocumentsDocument)
  const confirm = async () => {
    const { data } = await remove({ input: { knowledgeBase: baseId, documents: [document.id] } })
    if (data) onClose()
  }
  return (
    <ConfirmDialog
      title="Delete this document?"
      confirm="Delete"
      destructive
      busy={fetching}
      error={error}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      “{nameOfDocument(document)}” and all its versions are erased for good, and no run finds it from then on. What former runs
      quoted from it stays with those runs.
    </ConfirmDialog>
  )
}

export function DeleteBaseDialog({ base, onClose }: { base: Base; onClose(): void }) {
  const navigate = useNavigate()
  const [{ fetching, error }, remove] = useMutation(DeleteBaseDocument)
  const confirm = async () => {
    const { data } = await remove({ input: { knowledgeBase: base.id } }, { additionalTypenames: ['KnowledgeBase'] })
    if (data) void navigate('/knowledge')
  }
  return (
    <ConfirmDialog
      title={`Delete ${base.name}?`}
      confirm="Delete"
      destructive
      busy={fetching}
      error={error}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      {counted(base.documents, 'document')} and all their versions are erased for good. Workflows that look in this base stop
      working until they are given another.
    </ConfirmDialog>
  )
}

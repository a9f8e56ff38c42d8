import Box from '@mui/material/Box'
import { useId, useMemo, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { ConfirmDialog } from '../../ui/dialogs/confirm-dialog.tsx'
import { BackLink } from './back-link.tsx'
import { CodeEditor, type CodeEditorHandle } from './code-editor.tsx'
import { DiscardDialog } from './discard-dialog.tsx'
import { EditorHead } from './editor-head.tsx'
import { EditorSide } from './editor-side.tsx'
import { PublishDialog } from './publish-dialog.tsx'
import { SaveFault } from './save-fault.tsx'
import { useCheck } from './use-check.ts'
import { useDraft, type EditedWorkflow } from './use-draft.ts'
import { useLeaveGuard } from './use-leave-guard.ts'

/** Writes a workflow: the text on one side, what it does and what is wrong with it on the other. */
export function Editor({ workflow, schema }: { workflow: EditedWorkflow; schema: unknown }) {
  const { id, currentVersion } = workflow
  const navigate = useNavigate()
  const draft = useDraft(workflow, schema)
  const check = useCheck(draft.text)
  const editor = useRef<CodeEditorHandle>(null)
  const faultsId = useId()
  const [open, setOpen] = useState<'publication' | 'discarding' | null>(null)
  const faultLines = useMemo(() => new Set(check.faults.map(({ line }) => line)), [check.faults])
  const guard = useLeaveGuard(draft.dirty)
  const home = `/workflows/${id}`
  const goHome = () => void guard.freely(() => navigate(home))
  const close = () => setOpen(null)

  const publish = async () => {
    const saved = draft.dirty || draft.revision === 0 ? await draft.save() : draft.revision
    if (saved !== null) setOpen('publication')
  }

  return (
    <>
      <BackLink to={home}>{workflow.name}</BackLink>
      <EditorHead
        workflow={workflow}
        draft={draft}
        check={check}
        onPublish={() => void publish()}
        onDiscard={() => setOpen('discarding')}
      />
      <SaveFault draft={draft} onReload={() => void guard.freely(() => location.reload())} />
      <Box
        sx={{
          display: 'grid',
          gap: 2,
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 3fr) minmax(0, 2fr)' },
          alignItems: 'start',
        }}
      >
        <CodeEditor
          label="Definition"
          value={draft.text}
          onChange={(text) => draft.change({ text })}
          faultLines={faultLines}
          describedBy={faultsId}
          handle={editor}
        />
        <EditorSide draft={draft} check={check} faultsId={faultsId} onGoTo={(line) => editor.current?.goTo(line)} />
      </Box>
      {open === 'publication' && (
        <PublishDialog
          workflowId={id}
          revision={draft.revision}
          current={currentVersion?.number ?? null}
          onPublished={goHome}
          onClose={close}
        />
      )}
      {open === 'discarding' && <DiscardDialog workflowId={id} revision={draft.revision} onDiscarded={goHome} onClose={close} />}
      {guard.asking && (
        <ConfirmDialog
          title="Leave without saving?"
          confirm="Leave"
          destructive
          busy={false}
          error={undefined}
          onConfirm={guard.leave}
          onClose={guard.stay}
        >
          What you changed since the draft was saved is lost.
        </ConfirmDialog>
      )}
    </>
  )
}

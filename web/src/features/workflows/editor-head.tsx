import Button from '@mui/material/Button'
import { PageHeader } from '../../ui/states/page-header.tsx'
import type { Check } from './use-check.ts'
import type { DraftState, EditedWorkflow } from './use-draft.ts'

export interface EditorHeadProps {
  workflow: EditedWorkflow
  draft: DraftState
  check: Check
  onPublish(): void
  onDiscard(): void
}

export function EditorHead({ workflow: { name, currentVersion }, draft, check, onPublish, onDiscard }: EditorHeadProps) {
  const mayPublish = check.faults.length === 0 && !check.checking && !check.unanswered
  return (
    <PageHeader
      title={`Change ${name}`}
      lead={currentVersion ? `Version ${currentVersion.number} runs until you publish.` : 'Nothing runs until you publish.'}
      actions={
        <>
          {draft.revision > 0 && (
            <Button color="error" onClick={onDiscard}>
              Discard the draft
            </Button>
          )}
          <Button
            variant="outlined"
            onClick={() => void draft.save()}
            loading={draft.saving}
            disabled={!draft.dirty || !check.isJson}
          >
            {draft.dirty ? 'Save the draft' : 'Saved'}
          </Button>
          <Button variant="contained" onClick={onPublish} disabled={!mayPublish || draft.saving}>
            Publish …
          </Button>
        </>
      }
    />
  )
}

import { useState } from 'react'
import { useMutation } from 'urql'
import type { WorkflowEditorQuery } from '../../gql/graphql.ts'
import { describeError, type Fault } from '../../ui/errors.ts'
import { firstDefinition, parseText, tidy } from './definition-text.ts'
import { SaveDraftDocument } from './workflows.documents.ts'

export type EditedWorkflow = NonNullable<WorkflowEditorQuery['workflow']>

interface Content {
  name: string
  description: string
  text: string
}

export interface DraftState extends Content {
  change(part: Partial<Content>): void
  /** Differs from what is stored. */
  dirty: boolean
  /** Of the stored draft; 0: there is none. */
  revision: number
  saving: boolean
  fault: Fault | undefined
  /** Stores it, over whatever stands when `over` names its revision. Gives the new revision, or null when it was refused. */
  save(over?: number): Promise<number | null>
}

/** What is being written, and whether it is stored. */
export function useDraft(workflow: EditedWorkflow, schema: unknown): DraftState {
  const [content, setContent] = useState(() => contentOf(workflow, schema))
  const [stored, setStored] = useState(content)
  const [revision, setRevision] = useState(workflow.draft?.revision ?? 0)
  const [{ fetching, error }, mutate] = useMutation(SaveDraftDocument)
  const save = async (over = revision) => {
    if (!('value' in parseText(content.text))) return null
    const { name, description } = content
    const input = {
      workflow: workflow.id,
      name,
      description: description.trim() || null,
      text: content.text,
      revision: over,
    }
    const { data } = await mutate({ input })
    if (!data) return null
    setStored(content)
    setRevision(data.saveWorkflowDraft.draft.revision)
    return data.saveWorkflowDraft.draft.revision
  }
  return {
    ...content,
    change: (part) => setContent({ ...content, ...part }),
    dirty: (Object.keys(content) as (keyof Content)[]).some((key) => content[key] !== stored[key]),
    revision,
    saving: fetching,
    fault: error && describeError(error),
    save,
  }
}

/** The draft as it was written; without one the current version, tidied. */
function contentOf({ name, description, draft, currentVersion }: EditedWorkflow, schema: unknown): Content {
  const first = () => JSON.stringify(tidy(currentVersion?.definition ?? firstDefinition, schema as object), null, 2)
  return {
    name: draft?.name ?? name,
    description: (draft ? draft.description : description) ?? '',
    text: draft?.text ?? first(),
  }
}

import { useQuery } from 'urql'
import type { ObjectSchema } from '../../ui/schema-form/schema.ts'
import { TriggerWorkflowsDocument } from './triggers.documents.ts'

export interface WorkflowChoice {
  slug: string
  name: string
  schema: ObjectSchema
}

/** The published workflows; undefined until they are known. */
export function useWorkflows(): WorkflowChoice[] | undefined {
  const [{ data }] = useQuery({ query: TriggerWorkflowsDocument })
  return data?.workflows.nodes.flatMap(({ slug, name, currentVersion }) =>
    currentVersion ? [{ slug, name, schema: currentVersion.inputSchema ?? {} }] : [],
  )
}

import { z } from 'zod'
import { workflowDefinition } from './definition.ts'

/** The JSON Schema of a definition as its author writes it, defaults left out: what editors and programs check against. */
export const workflowDefinitionSchema = (): Record<string, unknown> => ({
  $id: 'workflow-definition.schema.json',
  title: 'Signalbox workflow definition',
  ...z.toJSONSchema(workflowDefinition, { io: 'input', target: 'draft-2020-12' }),
})

import type { z } from 'zod'
import type { workflowDefinition } from './definition.ts'

/** A workflow that comes with the product: its document as an author writes it, defaults left out. */
export interface ShippedWorkflow {
  slug: string
  name: string
  description: string
  definition: z.input<typeof workflowDefinition>
}

import type { ObjectSchema } from '../../ui/schema-form/schema.ts'

const supportMails = [
  'You charged me twice for the same transfer on Monday. I want the second payment back, please.',
  'My new card still has not arrived. When can I expect it?',
  'How do I change the PIN of my card while I am abroad?',
  'Someone may have used my card: there is a payment that I do not recognise.',
]

let turn = 0

/** An input to try a workflow with: the schema's own example, else one for the built-in workflow. */
export function exampleFor(slug: string, schema: ObjectSchema): unknown {
  if (schema.examples?.[0] !== undefined) return schema.examples[0]
  const fields = Object.entries(schema.properties ?? {}).filter(([, field]) => field.examples?.[0] !== undefined)
  if (fields.length > 0)
    return Object.fromEntries(fields.map(([name, field]) => [name, field.examples![turn++ % field.examples!.length]]))
  return slug === 'support-triage' ? { text: supportMails[turn++ % supportMails.length] } : undefined
}

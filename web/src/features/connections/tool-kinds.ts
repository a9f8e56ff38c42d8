import type { ToolsQuery } from '../../gql/graphql.ts'
import type { ObjectSchema } from '../../ui/schema-form/schema.ts'

export type Tool = ToolsQuery['tools'][number]
export type Kind = ToolsQuery['connectors'][number]
export type Account = ToolsQuery['accounts'][number]

/** Those that there is something to set up of. */
export const toSetUp = (kinds: Kind[]): Kind[] => kinds.filter(({ settings }) => fieldsIn(settings as ObjectSchema).length > 0)

const fieldsIn = ({ properties = {} }: ObjectSchema) => Object.keys(properties)

/** The fields in which somebody who tries a tool writes its values; a tool that takes anything has one for all of it. */
export function trialForm(parameters: ObjectSchema): { schema: ObjectSchema; valuesOf(value: Record<string, unknown>): unknown } {
  if (fieldsIn(parameters).length > 0) return { schema: parameters, valuesOf: (value) => value }
  const data = { type: 'object', title: 'Data', description: 'As JSON, whatever the other side expects: { "order": "A-17" }' }
  return { schema: { properties: { data } }, valuesOf: (value) => value['data'] ?? {} }
}

/** "Create ticket" as workflows write it: create_ticket. */
export const toToolName = (words: string): string =>
  words
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[_0-9]+|_+$/g, '')
    .slice(0, 64)

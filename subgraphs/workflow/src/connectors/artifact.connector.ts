import type { Connector, ConnectorCall } from './connector.ts'
import { ToolError } from './tool-error.ts'

export const connector = {
  kind: 'artifact',
  title: 'File of the run',
  description: 'Keeps a result as a file with the run: a decision, a letter, a list.',
  settings: { type: 'object', additionalProperties: false, properties: {} },
  parameters: () => ({
    type: 'object',
    additionalProperties: false,
    required: ['name', 'content'],
    properties: {
      name: {
        type: 'string',
        pattern: '^[^/\\\\\\x00-\\x1f]{1,200}$',
        description: 'The file’s name with its ending: decision.json, reply.txt',
      },
      content: { description: 'Text, or anything else, which is kept as JSON.' },
      mediaType: { type: 'string', enum: ['application/json', 'text/plain', 'text/markdown', 'text/csv'] },
    },
  }),
  accounts: [],
  idempotency: 'key',
  rateLimit: 600,
  perform: async ({ arguments: values, organizationId, runId }: ConnectorCall, { platform }) => {
    if (runId === null) throw new ToolError('A file is kept with a run: this can only be used in one.', { retryable: false })
    const { name, mediaType, body } = fileOf(values)
    const { id } = await platform.putArtifact(organizationId, runId, { name, mediaType, body })
    return { result: { artifactId: id, bytes: body.length }, bytes: body.length }
  },
  dryRun: ({ arguments: values }: ConnectorCall) => {
    const { name, mediaType, body } = fileOf(values)
    return {
      summary: `Would keep the file ${name} with the run.`,
      request: { name, mediaType, bytes: body.length, content: values['content'] },
    }
  },
} satisfies Connector

function fileOf({ name, content, mediaType }: Record<string, unknown>) {
  const isText = typeof content === 'string'
  const body = Buffer.from(isText ? content : JSON.stringify(content, null, 2))
  return {
    name: name as string,
    mediaType: (mediaType as string | undefined) ?? (isText ? 'text/plain' : 'application/json'),
    body,
  }
}

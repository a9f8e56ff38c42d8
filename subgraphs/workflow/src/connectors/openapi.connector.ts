import type { FieldFault } from '@signalbox/shared/errors'
import { AccountKind } from '../accounts/account.type.ts'
import type { Connector, ConnectorCall, JsonSchema } from './connector.ts'
import { exchange, type OutgoingRequest } from './exchange.ts'
import { findOperation, MAX_DOCUMENT, parseDocument, type Operation, type Parameter } from './openapi-document.ts'
import { DocumentError } from './openapi-references.ts'
import { addressFault, hostOf } from './settings-check.ts'
import { fillUrl, readable, textOf } from './template.ts'
import { ToolError } from './tool-error.ts'

export interface OpenApiSettings {
  /** OpenAPI 3, as JSON or YAML. */
  document: string
  operation: string
  /** Instead of the document's first server. */
  server?: string
}

const IDEMPOTENT = new Set(['get', 'head', 'put', 'delete'])

const isRepeatable = (settings: OpenApiSettings) => IDEMPOTENT.has(operationOf(settings).method)

export const connector = {
  kind: 'openapi',
  title: 'Described service',
  description: 'Calls a service by its own description (OpenAPI), which says what it needs, so that wrong calls are never sent.',
  settings: {
    type: 'object',
    additionalProperties: false,
    required: ['document', 'operation'],
    properties: {
      document: {
        title: 'The description',
        type: 'string',
        minLength: 1,
        maxLength: MAX_DOCUMENT,
        description: 'The OpenAPI document (version 3) of the service, as JSON or YAML: paste the whole text.',
      },
      operation: {
        title: 'Operation',
        type: 'string',
        minLength: 1,
        maxLength: 200,
        description: 'Its operationId: createTicket',
      },
      server: {
        title: 'Address (optional)',
        advanced: true,
        type: 'string',
        maxLength: 300,
        description: 'Begins with https://. Without it, the first one that the description names.',
      },
    },
  },
  parameters: (settings: OpenApiSettings) => schemaOf(operationOf(settings)),
  accounts: [AccountKind.HEADER, AccountKind.OAUTH2],
  idempotency: 'none',
  isRepeatable,
  rateLimit: 60,
  check: (settings: OpenApiSettings, policy): FieldFault[] => {
    try {
      const { server } = findOperation(parseDocument(settings.document), settings.operation)
      const fault = addressFault(settings.server ?? server ?? '', settings.server === undefined ? 'document' : 'server', policy)
      return fault === undefined ? [] : [fault]
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error
      return [{ path: error.message.startsWith('has no operation') ? 'operation' : 'document', message: error.message }]
    }
  },
  host: (settings: OpenApiSettings) => hostOf(settings.server ?? operationOf(settings).server ?? ''),
  perform: (call: ConnectorCall<OpenApiSettings>, context) => exchange(requestOf(call), context, isRepeatable(call.settings)),
  dryRun: (call: ConnectorCall<OpenApiSettings>) => {
    const { method, url, headers } = requestOf(call)
    const { body } = call.arguments
    return { summary: `Would send ${method} to ${new URL(url).host}.`, request: { method, url: readable(url), headers, body } }
  },
} satisfies Connector<OpenApiSettings>

/** The last documents that were read: reading one of the allowed size takes tens of milliseconds. */
const read = new Map<string, Operation>()

function operationOf({ document, operation }: OpenApiSettings): Operation {
  const key = `${operation}\n${document}`
  let found = read.get(key)
  if (found === undefined) {
    found = findOperation(parseDocument(document), operation)
    if (read.size >= 20) read.delete(read.keys().next().value!)
    read.set(key, found)
  }
  return found
}

function schemaOf({ parameters, body, summary }: Operation): JsonSchema {
  const required = parameters.filter((one) => one.required).map(({ argument }) => argument)
  const properties = parameters.map(({ argument, schema, description }) => [
    argument,
    { ...schema, ...(description && { description }) },
  ])
  return {
    type: 'object',
    ...(summary && { description: summary }),
    additionalProperties: false,
    required: [...required, ...(body?.required ? ['body'] : [])],
    properties: Object.fromEntries([...properties, ...(body ? [['body', body.schema]] : [])]) as JsonSchema,
  }
}

function requestOf({ settings, arguments: values, idempotencyKey }: ConnectorCall<OpenApiSettings>): OutgoingRequest {
  const operation = operationOf(settings)
  const { body } = values
  const given = operation.parameters.filter(({ argument }) => values[argument] !== undefined)
  const of = (place: Parameter['in']) => given.filter((one) => one.in === place)
  const headers = of('header').map(({ name, argument }) => [name.toLowerCase(), wordsOf(values[argument])])
  return {
    method: operation.method.toUpperCase() as OutgoingRequest['method'],
    url: addressOf(operation, settings, values, of('query')),
    headers: {
      'idempotency-key': idempotencyKey,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(Object.fromEntries(headers) as Record<string, string>),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  }
}

/** Path by style "simple", query by "form" with a list as repetitions: the defaults of OpenAPI 3. */
function addressOf(operation: Operation, settings: OpenApiSettings, values: Record<string, unknown>, query: Parameter[]): string {
  const server = (settings.server ?? operation.server ?? '').replace(/\/$/, '')
  const places = operation.parameters.filter((one) => one.in === 'path')
  const template = operation.path.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => {
    const argument = places.find((one) => one.name === name)?.argument
    if (argument === undefined) throw new ToolError(`The description does not say what {${name}} is.`, { retryable: false })
    return `{{p${places.findIndex((one) => one.name === name)}}}`
  })
  const filled = Object.fromEntries(places.map(({ argument }, index) => [`p${index}`, wordsOf(values[argument])]))
  const url = new URL(fillUrl(server + template, filled))
  for (const { name, argument } of query)
    for (const value of [values[argument]].flat()) url.searchParams.append(name, wordsOf(value))
  return url.href
}

const wordsOf = (value: unknown): string => (Array.isArray(value) ? value.map(wordsOf).join(',') : textOf(value))

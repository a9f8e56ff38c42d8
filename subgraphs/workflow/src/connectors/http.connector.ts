import type { FieldFault } from '@signalbox/shared/errors'
import { AccountKind } from '../accounts/account.type.ts'
import type { Connector, ConnectorCall, JsonSchema } from './connector.ts'
import { exchange, type OutgoingRequest } from './exchange.ts'
import { addressFault, headerFault, hostOf } from './settings-check.ts'
import { fillJson, fillText, fillUrl, placesOf, readable } from './template.ts'
import { ToolError } from './tool-error.ts'

export interface HttpSettings {
  method: OutgoingRequest['method']
  url: string
  headers?: Record<string, string>
  /** JSON with open places. Without one, what is not in the address is sent as JSON. */
  body?: string
  /** JSON Schema of the arguments; made of the open places unless given. */
  parameters?: JsonSchema
  repeatable?: boolean
}

/** RFC 9110, 9.2.2: the same twice is the same as once. */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'PUT', 'DELETE'])
const WITHOUT_BODY = new Set(['GET', 'HEAD', 'DELETE'])

/** What an address or a header can hold; what JSON can. */
const PLAIN = ['string', 'number', 'boolean']
const ANYTHING = [...PLAIN, 'object', 'array', 'null']

const isRepeatable = ({ method, repeatable }: HttpSettings) => repeatable === true || IDEMPOTENT.has(method)

export const connector = {
  kind: 'http',
  title: 'Web request',
  description: 'Calls one address of a program that you use, such as a shop, a CRM or a parcel service.',
  settings: {
    type: 'object',
    additionalProperties: false,
    required: ['method', 'url'],
    properties: {
      method: { title: 'Kind of request', enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'], default: 'GET' },
      url: {
        title: 'Address',
        type: 'string',
        minLength: 1,
        maxLength: 300,
        description: 'Begins with https://. Write {{name}} where a value goes: https://api.example.com/orders/{{order}}',
      },
      headers: {
        title: 'Headers (optional)',
        advanced: true,
        type: 'object',
        maxProperties: 20,
        additionalProperties: { type: 'string', maxLength: 2_000 },
        description: 'As JSON: { "Accept-Language": "en" }. Secrets go into an account.',
      },
      body: {
        title: 'Content (optional)',
        advanced: true,
        type: 'string',
        maxLength: 20_000,
        description: 'JSON, with {{name}} where a value goes. Without it, the values themselves are sent.',
      },
      parameters: {
        title: 'Values that it takes (optional)',
        advanced: true,
        type: 'object',
        description: 'A JSON Schema. Without it, every {{name}} is a value that is needed.',
      },
      repeatable: {
        title: 'Sending the same twice does no harm',
        advanced: true,
        type: 'boolean',
        description: 'The program understands the header Idempotency-Key, or repeating changes nothing.',
      },
    },
  },
  parameters: (settings: HttpSettings) => settings.parameters ?? parametersOf(settings),
  accounts: [AccountKind.HEADER, AccountKind.OAUTH2],
  idempotency: 'none',
  isRepeatable,
  rateLimit: 60,
  check: ({ url, headers = {}, body }: HttpSettings, policy) => {
    const faults: (FieldFault | undefined)[] = []
    // What is before the path says where secrets go: never left open.
    const origin = /^https?:\/\/[^/?#]*/i.exec(url)?.[0] ?? url
    if (placesOf(origin).length > 0) faults.push({ path: 'url', message: 'must name its host: no {{…}} before the first /' })
    else faults.push(addressFault(url.replaceAll(/\{\{[^{}]*\}\}/g, 'x'), 'url', policy))
    for (const [name, value] of Object.entries(headers)) faults.push(headerFault(name, fillText(value, {}), 'headers'))
    if (body !== undefined && parsed(body) === undefined) faults.push({ path: 'body', message: 'must be JSON' })
    return faults.filter((fault) => fault !== undefined)
  },
  host: ({ url }: HttpSettings) => hostOf(url.replaceAll(/\{\{[^{}]*\}\}/g, 'x')),
  perform: (call: ConnectorCall<HttpSettings>, context) => exchange(requestOf(call), context, isRepeatable(call.settings)),
  dryRun: (call: ConnectorCall<HttpSettings>) => {
    const { method, url, headers, body } = requestOf(call)
    return {
      summary: `Would send ${method} to ${new URL(url).host}.`,
      request: { method, url: readable(url), headers, body: parsed(body) },
    }
  },
} satisfies Connector<HttpSettings>

function parametersOf({ url, headers = {}, body, method }: HttpSettings): JsonSchema {
  const places = placesOf(url, ...Object.values(headers), body)
  const isOpen = body === undefined && !WITHOUT_BODY.has(method)
  return {
    type: 'object',
    required: places,
    properties: Object.fromEntries(places.map((name) => [name, { type: body === undefined ? PLAIN : ANYTHING }])),
    additionalProperties: isOpen,
  }
}

function requestOf({ settings, arguments: values, idempotencyKey }: ConnectorCall<HttpSettings>): OutgoingRequest {
  const { method, url: template, headers = {}, body } = settings
  const filled = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), fillText(value, values)])
  const content = WITHOUT_BODY.has(method)
    ? undefined
    : JSON.stringify(body === undefined ? restOf(settings, values) : fillJson(parsed(body), values))
  for (const [name, value] of filled)
    if (headerFault(name!, value!, name!))
      throw new ToolError(`A value does not fit into the header ${name}.`, { retryable: false })
  return {
    method,
    url: fillUrl(template, values),
    headers: {
      'idempotency-key': idempotencyKey,
      ...(content === undefined ? {} : { 'content-type': 'application/json' }),
      ...(Object.fromEntries(filled) as Record<string, string>),
    },
    body: content,
  }
}

/** What is neither in the address nor in a header. */
function restOf({ url, headers = {} }: HttpSettings, values: Record<string, unknown>) {
  const used = new Set(placesOf(url, ...Object.values(headers)))
  return Object.fromEntries(Object.entries(values).filter(([name]) => !used.has(name)))
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as unknown)
  } catch {
    return undefined
  }
}

import { BadUserInputError, type FieldFault } from '@signalbox/shared/errors'
import { EgressRefusedError, type EgressPolicy } from '@signalbox/shared/egress'
import { checkHeaders } from '@signalbox/shared/egress/headers'
import { checkTarget, parseTarget } from '@signalbox/shared/egress/policy'
import { MODEL_NAME } from '../reasoning/models.ts'
import { CredentialKind, type Connection, type ModelKind } from './connection.ts'
import type { AnthropicInput, N8nWebhookInput, OpenAiInput, SaveCredentialInput } from './credential.inputs.ts'

export interface CheckedConnection {
  connection: Connection
  host: string
  hint: string
}

/**
 * What is to be saved. The address must pass the guard's rules of writing; where its name leads is checked at each use.
 * @throws {BadUserInputError} naming each field that is wrong
 */
export function checkConnection(input: SaveCredentialInput, policy: EgressPolicy): CheckedConnection {
  const { kind, n8nWebhook, openAi, anthropic } = input
  const isAlone = [n8nWebhook, openAi, anthropic].filter((part) => part != null).length === 1
  if (isAlone && kind === CredentialKind.N8N_WEBHOOK && n8nWebhook != null) return n8nOf(n8nWebhook, policy)
  if (isAlone && kind === CredentialKind.OPENAI && openAi != null) return modelOf(kind, openAi, policy)
  if (isAlone && kind === CredentialKind.ANTHROPIC && anthropic != null) return modelOf(kind, anthropic, policy)
  throw fault([{ path: `input.${PARTS[kind]}`, message: `is needed for the kind ${kind}, and nothing else` }])
}

/** The input's part for each kind. */
const PARTS = {
  [CredentialKind.N8N_WEBHOOK]: 'n8nWebhook',
  [CredentialKind.OPENAI]: 'openAi',
  [CredentialKind.ANTHROPIC]: 'anthropic',
} as const
/** How each provider's key is sent, and an example of a model. */
const PROVIDERS = {
  [CredentialKind.OPENAI]: { header: { name: 'authorization', before: 'Bearer ' }, example: 'gpt-4.1-mini' },
  [CredentialKind.ANTHROPIC]: { header: { name: 'x-api-key', before: '' }, example: 'claude-haiku-4-5' },
}

function n8nOf({ url: address, headerName, headerValue }: N8nWebhookInput, policy: EgressPolicy): CheckedConnection {
  const faults: FieldFault[] = []
  const url = addressOf(address, 'input.n8nWebhook.url', policy, faults)
  const [name, value] = [headerName?.trim() ?? '', headerValue?.trim() ?? '']
  if ((name === '') !== (value === ''))
    faults.push({
      path: `input.n8nWebhook.${name === '' ? 'headerName' : 'headerValue'}`,
      message: 'is missing: name and value go together',
    })
  else if (name !== '' && !isHeader(name, value))
    faults.push({ path: 'input.n8nWebhook.headerName', message: 'name and value must be a header that a webhook may ask for' })
  if (faults.length > 0) throw fault(faults)
  const header = name === '' ? null : { name, value }
  const hint = header === null ? 'no header' : `header ${name}, ${endOf(value)}`
  return { connection: { kind: CredentialKind.N8N_WEBHOOK, url: url!.href, header }, host: url!.host, hint }
}

function modelOf(
  kind: ModelKind,
  { baseUrl, apiKey, model }: OpenAiInput | AnthropicInput,
  policy: EgressPolicy,
): CheckedConnection {
  const part = `input.${PARTS[kind]}`
  const { header, example } = PROVIDERS[kind]
  const faults: FieldFault[] = []
  const url = addressOf(baseUrl, `${part}.baseUrl`, policy, faults)
  if (url !== undefined && url.search !== '') faults.push({ path: `${part}.baseUrl`, message: 'must have no part after a "?"' })
  const key = apiKey.trim()
  if (key === '' || !isHeader(header.name, `${header.before}${key}`))
    faults.push({ path: `${part}.apiKey`, message: 'must be 1 to 4,000 characters as the provider gave them' })
  const name = model.trim()
  if (!MODEL_NAME.test(name)) faults.push({ path: `${part}.model`, message: `must be a model’s name such as ${example}` })
  if (faults.length > 0) throw fault(faults)
  const connection: Connection = { kind, baseUrl: url!.href, apiKey: key, model: name }
  return { connection, host: url!.host, hint: `${name}, key ${endOf(key)}` }
}

function addressOf(text: string, path: string, policy: EgressPolicy, faults: FieldFault[]): URL | undefined {
  try {
    if (text.length > 2_000) throw new EgressRefusedError('URL_MALFORMED', 'The address must have at most 2,000 characters.')
    const url = parseTarget(text.trim())
    checkTarget(policy, url)
    return url
  } catch (error) {
    if (!(error instanceof EgressRefusedError)) throw error
    faults.push({ path, message: error.message })
    return undefined
  }
}

function isHeader(name: string, value: string): boolean {
  try {
    checkHeaders({ [name]: value })
    return value.length <= 4_000 && !['content-type', 'idempotency-key'].includes(name.toLowerCase())
  } catch {
    return false
  }
}

/** The last four characters of a secret that is long enough to lose them. */
const endOf = (secret: string) => (secret.length >= 16 ? `ending in …${secret.slice(-4)}` : 'is set')

const fault = (fields: FieldFault[]) => new BadUserInputError('The connection cannot be saved like this.', fields)

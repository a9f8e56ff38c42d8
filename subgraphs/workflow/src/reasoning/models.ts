import type { Egress } from '@signalbox/shared/egress'
import type { Logger } from '@signalbox/shared/logger'
import { AnthropicMessages } from './anthropic-messages.ts'
import { ChatCompletions } from './chat-completions.ts'
import { deferredModel } from './deferred-model.ts'
import { ModelChain } from './model-chain.ts'
import { ModelError } from './model-error.ts'
import type { ModelProtocol, ModelServer } from './model-protocol.ts'
import { OfflineModel } from './offline-model.ts'
import type { ReasoningModel } from './reasoning-model.ts'
import { RemoteModel } from './remote-model.ts'

export const PROTOCOLS = ['openai', 'anthropic'] as const
export type ProtocolName = (typeof PROTOCOLS)[number]

/** What the names of models lead to. */
export interface ModelSource {
  default: ReasoningModel
  /** The model of that name by this protocol's connection; null when there is none. */
  remote(protocol: ProtocolName, model: string): ReasoningModel | null
}

export const protocolFor = (name: ProtocolName, server: ModelServer): ModelProtocol =>
  name === 'openai' ? new ChatCompletions(server) : new AnthropicMessages(server)

export const remoteModel = (protocol: ProtocolName, server: ModelServer): ReasoningModel =>
  new RemoteModel(protocolFor(protocol, server))

/** A model's name at its provider. */
export const MODEL_NAME = /^[\w.:/@-]{1,100}$/
const MOST_IN_CHAIN = 5

/** What is wrong with a name by which an agent names its model, as a sentence; null when nothing is. */
export function modelNameFault(name: string): string | null {
  const parts = name.split('>').map((part) => part.trim())
  if (parts.length > MOST_IN_CHAIN) return `A chain has at most ${MOST_IN_CHAIN} models.`
  const wrong = parts.find((part) => parsedName(part) === null)
  if (wrong === undefined) return null
  return `There is no model "${wrong.slice(0, 100)}": it is "default", "offline", "openai:<model>" or "anthropic:<model>", or several with ">" between.`
}

/**
 * The model that an agent names: `default`, `offline`, `openai:<model>`, `anthropic:<model>`, or a chain such as
 * `anthropic:claude-sonnet-5-5 > default > offline`. One whose connection is missing fails when it is asked, so that a chain goes on.
 * @throws {ModelError} for what is no name of a model
 */
export function modelFor(name: string, source: ModelSource, log: Logger): ReasoningModel {
  const fault = modelNameFault(name)
  if (fault !== null) throw new ModelError(fault, false, { misconfigured: true })
  const models = name.split('>').map((part) => singleModel(part.trim(), source))
  return models.length === 1 ? models[0]! : new ModelChain(models, log)
}

function singleModel(name: string, source: ModelSource): ReasoningModel {
  const parsed = parsedName(name)!
  if (parsed === 'default') return source.default
  if (parsed === 'offline') return new OfflineModel()
  const { protocol, model } = parsed
  const missing = `No connection for "${protocol}" models is set up.`
  return (
    source.remote(protocol, model) ??
    deferredModel(model, () => Promise.reject(new ModelError(missing, false, { misconfigured: true })))
  )
}

function parsedName(name: string): 'default' | 'offline' | { protocol: ProtocolName; model: string } | null {
  if (name === 'default' || name === 'offline') return name
  const [, protocol, model] = /^([a-z]+):(.+)$/s.exec(name) ?? []
  const known = PROTOCOLS.find((one) => one === protocol)
  return known !== undefined && MODEL_NAME.test(model!) ? { protocol: known, model: model! } : null
}

export interface ReasoningEnv {
  OPENAI_BASE_URL?: string | undefined
  OPENAI_API_KEY?: string | undefined
  OPENAI_MODEL?: string | undefined
  ANTHROPIC_BASE_URL?: string | undefined
  ANTHROPIC_API_KEY?: string | undefined
  ANTHROPIC_MODEL?: string | undefined
}

/**
 * What the operator configured. A protocol is set up when its key or its address is; the default is OpenAI's model, else Anthropic's, else
 * `offline`.
 */
export function operatorModels(env: ReasoningEnv, egress: Egress): ModelSource {
  const servers: Record<ProtocolName, ModelServer | null> = {
    openai: serverOf(
      env.OPENAI_BASE_URL,
      env.OPENAI_API_KEY,
      egress,
      'https://api.openai.com/v1',
      env.OPENAI_MODEL ?? 'gpt-4.1-mini',
    ),
    anthropic: serverOf(
      env.ANTHROPIC_BASE_URL,
      env.ANTHROPIC_API_KEY,
      egress,
      'https://api.anthropic.com/v1',
      env.ANTHROPIC_MODEL ?? 'claude-haiku-4-5',
    ),
  }
  const remote: ModelSource['remote'] = (protocol, model) => {
    const server = servers[protocol]
    return server && remoteModel(protocol, { ...server, model })
  }
  const first = PROTOCOLS.find((protocol) => servers[protocol] !== null)
  return { default: first === undefined ? new OfflineModel() : remoteModel(first, servers[first]!), remote }
}

function serverOf(
  baseUrl: string | undefined,
  apiKey: string | undefined,
  egress: Egress,
  usual: string,
  model: string,
): ModelServer | null {
  return baseUrl === undefined && apiKey === undefined
    ? null
    : { baseUrl: baseUrl ?? usual, apiKey: apiKey ?? 'none', model, egress }
}

import { z } from 'zod'
import { ModelError, TemporaryError } from './model-error.ts'
import { LONGEST_ANSWER, type ModelAnswer, type ModelCall, type ModelProtocol, type ModelServer } from './model-protocol.ts'
import { parsedJson, postToModel, STOPPED_MIDWAY, withAttempts, type StreamReader } from './model-request.ts'
import type { CallOptions } from './reasoning-model.ts'
import type { ServerSentEvent } from './server-sent-events.ts'

const VERSION = '2023-06-01'
/** What a model thinks before it answers counts. */
const MAX_TOKENS = 16_000

const count = z.number().nullish()
const usage = z.object({
  input_tokens: count,
  output_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
})
/** Of any kind; those of thinking and others have neither text nor a tool. */
const block = z.object({
  type: z.string(),
  text: z.string().optional(),
  name: z.string().optional(),
  input: z.unknown().optional(),
})
const reply = z.object({
  type: z.literal('message'),
  model: z.string(),
  content: z.array(block),
  stop_reason: z.string().nullish(),
  usage,
})
const frame = z.object({
  type: z.string(),
  message: z.object({ model: z.string(), usage }).optional(),
  content_block: block.optional(),
  delta: z
    .object({ type: z.string(), text: z.string(), partial_json: z.string(), stop_reason: z.string().nullable() })
    .partial()
    .optional(),
  usage: usage.optional(),
})

type Usage = z.infer<typeof usage>

/** How an answer is made to follow a schema: by the server's own structured outputs, or by a tool that must be called. */
type Form = 'format' | 'tool'

/** The messages protocol of Anthropic. */
export class AnthropicMessages implements ModelProtocol {
  readonly model: string
  /** Models up to 4.1 know no structured outputs; those from 5.5 on refuse a forced tool. The first call that needs one finds out. */
  #form: Form = 'format'

  constructor(private readonly server: ModelServer) {
    this.model = server.model
  }

  async complete(call: ModelCall): Promise<ModelAnswer> {
    const form = this.#form
    try {
      return await this.#complete(call, form)
    } catch (error) {
      const isRefused = error instanceof ModelError && error.status === 400
      if (call.schema === undefined || form === 'tool' || !isRefused) throw error
      const answer = await this.#complete(call, 'tool').catch(() => Promise.reject(error))
      this.#form = 'tool'
      return answer
    }
  }

  #complete(call: ModelCall, form: Form): Promise<ModelAnswer> {
    return withAttempts(this.server, call, (onToken) => this.#ask(call, form, onToken))
  }

  async #ask(call: ModelCall, form: Form, onToken: CallOptions['onToken']): Promise<ModelAnswer> {
    const reader = onToken && new Message(call, onToken)
    const body = await postToModel(this.server, {
      path: '/messages',
      headers: { 'x-api-key': this.server.apiKey, 'anthropic-version': VERSION },
      body: { model: this.model, max_tokens: MAX_TOKENS, ...bodyOf(call, form), ...(reader && { stream: true }) },
      reader,
      signal: call.signal,
    })
    return body === undefined ? reader!.end() : readReply(call, body)
  }
}

function bodyOf({ system, user, schema, tools }: ModelCall, form: Form) {
  const offered = tools?.map(({ name, description, parameters }) => ({ name, description, input_schema: parameters }))
  const forced = schema && { name: schema.name, description: 'Give your answer with this.', input_schema: schema.schema }
  return {
    system,
    messages: [{ role: 'user', content: user }],
    ...(offered && { tools: offered, tool_choice: { type: 'auto', disable_parallel_tool_use: true } }),
    ...(schema && form === 'format' && { output_config: { format: { type: 'json_schema', schema: schema.schema } } }),
    ...(schema && form === 'tool' && { tools: [forced], tool_choice: { type: 'tool', name: schema.name } }),
  }
}

function readReply(call: ModelCall, body: unknown): ModelAnswer {
  const parsed = reply.safeParse(body)
  if (!parsed.success)
    throw new ModelError('The model’s server answered something other than a message.', false, { misconfigured: true })
  const { content, model, stop_reason, usage } = parsed.data
  const text = content.map((part) => (part.type === 'text' ? (part.text ?? '') : '')).join('')
  const used = content.find(({ type }) => type === 'tool_use')
  const toolCall = used === undefined ? null : { name: used.name ?? '', json: JSON.stringify(used.input ?? {}) }
  return answerOf(call, { text, toolCall, model, usage, stop: stop_reason ?? null })
}

/** A message that comes in frames. */
class Message implements StreamReader {
  isDone = false
  #text = ''
  #toolCall: ModelAnswer['toolCall'] = null
  /** The block that is being written, when it is the tool that counts. */
  #inTool = false
  #stop: string | null = null
  #model = ''
  #usage: Usage = {}

  constructor(
    private readonly call: ModelCall,
    private readonly onToken: (text: string) => void,
  ) {}

  take({ data }: ServerSentEvent): void {
    const parsed = frame.safeParse(parsedJson(data))
    if (!parsed.success) throw new ModelError('The model’s server sent a stream that is not of its protocol.', false)
    const { type, message, content_block, delta, usage } = parsed.data
    if (type === 'error') throw new TemporaryError('The model’s server broke off its answer with an error.')
    if (type === 'message_stop') this.isDone = true
    if (message !== undefined) this.#model = message.model
    this.#usage = { ...this.#usage, ...known(message?.usage), ...known(usage) }
    this.#stop = delta?.stop_reason ?? this.#stop
    if (type === 'content_block_start') {
      this.#inTool = content_block?.type === 'tool_use' && this.#toolCall === null
      if (this.#inTool) this.#toolCall = { name: content_block!.name ?? '', json: '' }
    }
    if (delta?.type === 'text_delta') this.#add(delta.text ?? '', '')
    if (delta?.type === 'input_json_delta' && this.#inTool) this.#add('', delta.partial_json ?? '')
  }

  #add(text: string, json: string): void {
    this.#text += text
    if (this.#toolCall !== null) this.#toolCall.json += json
    if (this.#text.length + (this.#toolCall?.json.length ?? 0) > LONGEST_ANSWER)
      throw new ModelError('The model’s answer is longer than is allowed.', false)
    const shown = this.call.schema === undefined ? text : text + json
    if (shown !== '') this.onToken(shown)
  }

  /** @throws {TemporaryError} when the stream stopped before its end */
  end(): ModelAnswer {
    if (!this.isDone) throw new TemporaryError(STOPPED_MIDWAY)
    const toolCall = this.#toolCall && { ...this.#toolCall, json: this.#toolCall.json || '{}' }
    return answerOf(this.call, { text: this.#text, toolCall, model: this.#model, usage: this.#usage, stop: this.#stop })
  }
}

/** What a frame says; a later one may leave out what an earlier one said. */
const known = (said: Usage | undefined): Usage =>
  Object.fromEntries(Object.entries(said ?? {}).filter(([, value]) => value != null))

interface Parts extends Pick<ModelAnswer, 'model' | 'text' | 'toolCall'> {
  stop: string | null
  usage: Usage
}

function answerOf({ schema }: ModelCall, { text, toolCall, model, usage, stop }: Parts): ModelAnswer {
  if (stop === 'refusal') throw new ModelError('The model refused to answer.', false)
  const isTooLong = stop === 'max_tokens' || text.length > LONGEST_ANSWER || (toolCall?.json.length ?? 0) > LONGEST_ANSWER
  if (isTooLong) throw new ModelError('The model’s answer is longer than is allowed.', false)
  const isForced = schema !== undefined && toolCall !== null
  if (text === '' && toolCall === null) throw new ModelError('The model’s answer is empty.', true)
  const [cachedInput, cacheWrite] = [usage.cache_read_input_tokens ?? 0, usage.cache_creation_input_tokens ?? 0]
  const tokens = {
    input: (usage.input_tokens ?? 0) + cachedInput + cacheWrite,
    output: usage.output_tokens ?? 0,
    cachedInput,
    cacheWrite,
  }
  return { text: isForced ? toolCall.json : text, toolCall: isForced ? null : toolCall, model, tokens }
}

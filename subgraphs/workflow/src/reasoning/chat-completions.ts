import { z } from 'zod'
import { ModelError, TemporaryError } from './model-error.ts'
import { LONGEST_ANSWER, type ModelAnswer, type ModelCall, type ModelProtocol, type ModelServer } from './model-protocol.ts'
import { parsedJson, postToModel, STOPPED_MIDWAY, withAttempts, type StreamReader } from './model-request.ts'
import type { CallOptions, ToolOffer } from './reasoning-model.ts'
import type { ServerSentEvent } from './server-sent-events.ts'

const usage = z
  .object({
    prompt_tokens: z.number(),
    completion_tokens: z.number(),
    prompt_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish(),
  })
  .nullish()
const called = z.object({ name: z.string().nullish(), arguments: z.string().nullish() })
const message = z.object({
  content: z.string().nullish(),
  refusal: z.string().nullish(),
  tool_calls: z.array(z.object({ index: z.number().nullish(), function: called })).nullish(),
})
const reply = z.object({
  model: z.string().nullish(),
  choices: z.array(z.object({ message, finish_reason: z.string().nullish() })).min(1),
  usage,
})
const chunk = z.object({
  model: z.string().nullish(),
  choices: z.array(z.object({ delta: message.nullish(), finish_reason: z.string().nullish() })),
  usage,
})

type Usage = z.infer<typeof usage>

/** The chat completions protocol: OpenAI, Azure, Ollama, vLLM and others speak it. */
export class ChatCompletions implements ModelProtocol {
  readonly model: string

  constructor(private readonly server: ModelServer) {
    this.model = server.model
  }

  complete(call: ModelCall): Promise<ModelAnswer> {
    return withAttempts(this.server, call, (onToken) => this.#ask(call, onToken))
  }

  async #ask(call: ModelCall, onToken: CallOptions['onToken']): Promise<ModelAnswer> {
    const { apiKey } = this.server
    const reader = onToken && new Completion(this.model, onToken)
    const body = await postToModel(this.server, {
      path: '/chat/completions',
      headers: { authorization: `Bearer ${apiKey}` },
      body: bodyOf(this.model, call, reader !== undefined),
      reader,
      signal: call.signal,
    })
    return body === undefined ? reader!.end() : readReply(this.model, body)
  }
}

function bodyOf(model: string, { system, user, schema, tools }: ModelCall, isStreamed: boolean) {
  return {
    model,
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: user },
    ],
    ...(schema && { response_format: { type: 'json_schema', json_schema: { ...schema, strict: true } } }),
    ...(tools && { tools: tools.map(functionOf), tool_choice: 'auto' }),
    ...(isStreamed && { stream: true, stream_options: { include_usage: true } }),
  }
}

const functionOf = ({ name, description, parameters }: ToolOffer) => ({
  type: 'function',
  function: { name, description, parameters },
})

function readReply(configured: string, body: unknown): ModelAnswer {
  const parsed = reply.safeParse(body)
  if (!parsed.success)
    throw new ModelError('The model’s server answered something other than a chat completion.', false, { misconfigured: true })
  const { choices, model } = parsed.data
  const { message, finish_reason } = choices[0]!
  const call = message.tool_calls?.[0]?.function
  return answerOf({
    model: model ?? configured,
    text: message.content ?? '',
    refused: message.refusal != null,
    toolCall: call === undefined ? null : { name: call.name ?? '', json: call.arguments ?? '' },
    finish: finish_reason ?? null,
    usage: parsed.data.usage,
  })
}

/** A completion that comes in chunks. */
class Completion implements StreamReader {
  isDone = false
  #text = ''
  #refused = false
  #toolCall: ModelAnswer['toolCall'] = null
  #finish: string | null = null
  #usage: Usage

  constructor(
    private model: string,
    private readonly onToken: (text: string) => void,
  ) {}

  take({ data }: ServerSentEvent): void {
    if (data === '[DONE]') {
      this.isDone = true
      return
    }
    const body = parsedJson(data)
    if ((body as { error?: unknown } | null)?.error != null)
      throw new TemporaryError('The model’s server broke off its answer with an error.')
    const parsed = chunk.safeParse(body)
    if (!parsed.success) throw new ModelError('The model’s server sent a stream that is not of its protocol.', false)
    this.model = parsed.data.model ?? this.model
    this.#usage = parsed.data.usage ?? this.#usage
    const choice = parsed.data.choices[0]
    this.#finish = choice?.finish_reason ?? this.#finish
    if (choice?.delta != null) this.#add(choice.delta)
  }

  #add({ content, refusal, tool_calls }: z.infer<typeof message>): void {
    if (refusal != null) this.#refused = true
    for (const { index, function: part } of tool_calls ?? []) {
      if ((index ?? 0) !== 0) continue
      const { name, json } = this.#toolCall ?? { name: '', json: '' }
      this.#toolCall = { name: name + (part.name ?? ''), json: json + (part.arguments ?? '') }
    }
    this.#text += content ?? ''
    if (this.#text.length + (this.#toolCall?.json.length ?? 0) > LONGEST_ANSWER)
      throw new ModelError('The model’s answer is longer than is allowed.', false)
    if (content != null && content !== '') this.onToken(content)
  }

  /** @throws {TemporaryError} when the stream stopped before its end */
  end(): ModelAnswer {
    if (this.#finish === null) throw new TemporaryError(STOPPED_MIDWAY)
    const { model } = this
    return answerOf({
      model,
      text: this.#text,
      refused: this.#refused,
      toolCall: this.#toolCall,
      finish: this.#finish,
      usage: this.#usage,
    })
  }
}

interface Parts extends Pick<ModelAnswer, 'model' | 'text' | 'toolCall'> {
  refused: boolean
  finish: string | null
  usage: Usage
}

function answerOf({ model, text, toolCall, refused, finish, usage }: Parts): ModelAnswer {
  if (refused || finish === 'content_filter') throw new ModelError('The model refused to answer.', false)
  if (finish === 'length' || text.length > LONGEST_ANSWER)
    throw new ModelError('The model’s answer is longer than is allowed.', false)
  if (text === '' && toolCall === null) throw new ModelError('The model’s answer is empty.', true)
  const cachedInput = usage?.prompt_tokens_details?.cached_tokens ?? undefined
  const tokens = { input: usage?.prompt_tokens ?? 0, output: usage?.completion_tokens ?? 0, cachedInput }
  return { model, text, toolCall, tokens }
}

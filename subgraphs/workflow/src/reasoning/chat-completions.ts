import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { EgressRefusedError, isEgressError, type Egress } from '@signalbox/shared/egress'

export interface ChatCompletionsConfig {
  /** With the version: `https://api.openai.com/v1`. */
  baseUrl: string
  apiKey: string
  model: string
  /** The way out. */
  egress: Egress
  /** Milliseconds for one attempt; 30 s unless given. */
  timeoutMs?: number
  /** 2 unless given. */
  attempts?: 1 | 2
}

export interface ChatRequest {
  system: string
  user: string
  /** JSON Schema that the answer must follow (structured outputs); free text without it. */
  schema?: { name: string; schema: Record<string, unknown> }
}

export interface ChatAnswer {
  text: string
  /** As the server says; the configured one otherwise. */
  model: string
  inputTokens: number
  outputTokens: number
}

/** The model's server refused, or answered what is no answer. `retryable`: the same call may succeed later. */
export class ModelError extends Error {
  override name = 'ModelError'

  constructor(
    message: string,
    readonly retryable: boolean,
  ) {
    super(message)
  }
}

const LONGEST_PAUSE_MS = 5_000

const reply = z.object({
  model: z.string().optional(),
  choices: z.array(z.object({ message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }) })).min(1),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).nullish(),
})

/**
 * One call of the chat completions protocol (OpenAI, Azure, Ollama, vLLM and others speak it). One repetition after 408, 429, 5xx, a lost
 * connection or no answer in time, after the pause that the server asks for, at most 5 s.
 * @throws {ModelError}
 */
export async function completeChat(config: ChatCompletionsConfig, request: ChatRequest): Promise<ChatAnswer> {
  try {
    return await attempt(config, request)
  } catch (error) {
    if (!(error instanceof TemporaryError) || config.attempts === 1) throw error
    await sleep(Math.min(LONGEST_PAUSE_MS, error.pauseMs))
    return attempt(config, request)
  }
}

class TemporaryError extends ModelError {
  constructor(
    message: string,
    readonly pauseMs: number,
  ) {
    super(message, true)
  }
}

async function attempt(config: ChatCompletionsConfig, request: ChatRequest): Promise<ChatAnswer> {
  const { status, headers, body } = await post(config, request)
  if (status === 408 || status === 429 || status >= 500) {
    throw new TemporaryError(`The model's server answered ${status}.`, Number(headers['retry-after'] ?? 0.5) * 1000 || 500)
  }
  if (status !== 200) throw new ModelError(`The model's server answered ${status}.`, false)
  const parsed = reply.safeParse(body)
  if (!parsed.success) throw new ModelError('The model’s server answered something other than a chat completion.', false)
  const { choices, usage, model } = parsed.data
  const { content, refusal } = choices[0]!.message
  if (refusal != null) throw new ModelError('The model refused to answer.', false)
  if (content == null || content === '') throw new ModelError('The model’s answer is empty.', true)
  return {
    text: content,
    model: model ?? config.model,
    inputTokens: usage?.prompt_tokens ?? 0,
    outputTokens: usage?.completion_tokens ?? 0,
  }
}

async function post(
  { baseUrl, apiKey, model, egress, timeoutMs = 30_000 }: ChatCompletionsConfig,
  { system, user, schema }: ChatRequest,
) {
  const messages = [
    { role: 'system', content: system },
    { role: 'user', content: user },
  ]
  const format = schema && { response_format: { type: 'json_schema', json_schema: { ...schema, strict: true } } }
  try {
    const response = await egress.fetch(`${baseUrl.replace(/\/$/, '')}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
      body: JSON.stringify({ model, messages, ...format }),
      maxRedirects: 0,
      timeoutMs,
      idleMs: timeoutMs,
    })
    return { status: response.status, headers: response.headers, body: parsedOrNull(response.text()) }
  } catch (error) {
    if (!isEgressError(error)) throw error
    if (error instanceof EgressRefusedError) throw new ModelError(`The model’s server was not called. ${error.message}`, false)
    const late = error.code === 'TIMEOUT'
    throw new TemporaryError(
      late ? `The model's server did not answer within ${timeoutMs} ms.` : 'The model’s server could not be reached.',
      500,
    )
  }
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEgress, type Egress } from '@signalbox/shared/egress'
import type { ModelServer } from './model-protocol.ts'
import { remoteModel, type ProtocolName } from './models.ts'
import type { ReasoningModel } from './reasoning-model.ts'

export interface ReceivedCall {
  url: string | undefined
  headers: Record<string, string | string[] | undefined>
  body: {
    model: string
    system?: string
    messages: { role: string; content: string }[]
    response_format?: { type: string; json_schema: { strict: boolean; schema: SentSchema } }
    output_config?: { format: { type: string; schema: SentSchema } }
    tools?: unknown[]
    tool_choice?: unknown
    stream?: boolean
  }
  /** As it came. */
  text: string
}
interface SentSchema {
  properties: Record<string, { enum?: string[] }>
}

export type Answer = (response: ServerResponse, call: ReceivedCall) => void

/** A server of models on this machine, which answers as it is told and keeps what it was sent. For tests. */
export class ModelServerTestkit implements AsyncDisposable {
  calls: ReceivedCall[] = []
  #answers: Answer[] = []
  readonly #egress: Egress
  readonly origin: string

  private constructor(private readonly server: Server) {
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    this.#egress = createEgress({ trustedOrigins: [this.origin] })
    server.on('request', (message, response) => {
      const parts: Buffer[] = []
      message.on('data', (part: Buffer) => parts.push(part))
      message.on('end', () => {
        const text = Buffer.concat(parts).toString()
        const call = { url: message.url, headers: message.headers, body: JSON.parse(text) as ReceivedCall['body'], text }
        this.calls.push(call)
        this.#answers[Math.min(this.calls.length, this.#answers.length) - 1]!(response, call)
      })
    })
  }

  static async listen(): Promise<ModelServerTestkit> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new ModelServerTestkit(server)
  }

  /** The first answer is for the first call, and so on; the last one is for the rest. */
  answer(...answers: Answer[]): void {
    this.calls = []
    this.#answers = answers
  }

  serverOf(over: Partial<ModelServer> = {}): ModelServer {
    const { origin } = this
    return { baseUrl: `${origin}/v1/`, apiKey: 'sk-test', model: 'gpt-4.1-mini', egress: this.#egress, timeoutMs: 300, ...over }
  }

  model(protocol: ProtocolName, over: Partial<ModelServer> = {}): ReasoningModel {
    const model = protocol === 'openai' ? 'gpt-4.1-mini' : 'claude-haiku-4-5'
    return remoteModel(protocol, this.serverOf({ model, ...over }))
  }

  async [Symbol.asyncDispose]() {
    await this.#egress[Symbol.asyncDispose]()
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }
}

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))

/** An answer of text, of JSON for a schema, or of a call of a tool, whole. */
export interface Said {
  text?: string
  tool?: { name: string; arguments: unknown }
}

export const whole: Record<ProtocolName, (said: Said) => Answer> = {
  openai: ({ text = null, tool }) => {
    const call = tool && { id: 'call_1', type: 'function', function: { name: tool.name, arguments: written(tool.arguments) } }
    return json(200, {
      object: 'chat.completion',
      model: 'gpt-4.1-mini-2025-04-14',
      choices: [
        {
          index: 0,
          finish_reason: 'stop',
          message: { role: 'assistant', content: text, refusal: null, tool_calls: call && [call] },
        },
      ],
      usage: { prompt_tokens: 1_000, completion_tokens: 200, prompt_tokens_details: { cached_tokens: 400 } },
    })
  },
  anthropic: ({ text, tool }) => {
    const thought = { type: 'thinking', thinking: '', signature: 's' }
    const said = text === undefined ? [] : [{ type: 'text', text }]
    const used = tool === undefined ? [] : [{ type: 'tool_use', id: 'toolu_1', name: tool.name, input: tool.arguments }]
    return json(200, {
      type: 'message',
      role: 'assistant',
      model: 'claude-haiku-4-5-20251001',
      content: [thought, ...said, ...used],
      stop_reason: tool === undefined ? 'end_turn' : 'tool_use',
      usage: { input_tokens: 600, cache_read_input_tokens: 300, cache_creation_input_tokens: 100, output_tokens: 200 },
    })
  },
}

const written = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

const event = (data: unknown, name?: string) => `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`

/** The same as a stream of events, as the protocols' documentations show them: a text in pieces, then a call of a tool with its JSON in pieces. */
export const events: Record<ProtocolName, (pieces: string[], tool?: { name: string; pieces: string[] }) => string> = {
  openai: (pieces, tool) => {
    const body = (rest: object) => ({ object: 'chat.completion.chunk', model: 'gpt-4.1-mini-2025-04-14', usage: null, ...rest })
    const chunk = (delta: object, finish_reason: string | null = null) =>
      event(body({ choices: [{ index: 0, delta, finish_reason }] }))
    const called = (call: object) => chunk({ tool_calls: [{ index: 0, ...call }] })
    const usage = { prompt_tokens: 1_000, completion_tokens: 200, prompt_tokens_details: { cached_tokens: 400 } }
    return [
      chunk({ role: 'assistant', content: '', refusal: null }),
      ...pieces.map((content) => chunk({ content })),
      ...(tool === undefined ? [] : [called({ id: 'call_1', type: 'function', function: { name: tool.name, arguments: '' } })]),
      ...(tool?.pieces ?? []).map((json) => called({ function: { arguments: json } })),
      chunk({}, tool === undefined ? 'stop' : 'tool_calls'),
      event(body({ choices: [], usage })),
      'data: [DONE]\n\n',
    ].join('')
  },
  anthropic: (pieces, tool) => {
    const frame = (type: string, rest: object = {}) => event({ type, ...rest }, type)
    const block = (index: number, start: object, deltas: object[]) => [
      frame('content_block_start', { index, content_block: start }),
      ...deltas.map((delta) => frame('content_block_delta', { index, delta })),
      frame('content_block_stop', { index }),
    ]
    const texts = pieces.map((text) => ({ type: 'text_delta', text }))
    const parts = (tool?.pieces ?? []).map((partial_json) => ({ type: 'input_json_delta', partial_json }))
    const usage = { input_tokens: 1_000, output_tokens: 1 }
    return [
      frame('message_start', { message: { model: 'claude-haiku-4-5-20251001', usage } }),
      frame('ping'),
      ...(pieces.length === 0 ? [] : block(0, { type: 'text', text: '' }, texts)),
      ...(tool === undefined ? [] : block(1, { type: 'tool_use', id: 'toolu_1', name: tool.name, input: {} }, parts)),
      frame('message_delta', {
        delta: { stop_reason: tool === undefined ? 'end_turn' : 'tool_use' },
        usage: { output_tokens: 200 },
      }),
      frame('message_stop'),
    ].join('')
  },
}

export const stream =
  (text: string): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    // Cut where no event ends, and inside of a character.
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; at += 37) response.write(bytes.subarray(at, at + 37))
    response.end()
  }

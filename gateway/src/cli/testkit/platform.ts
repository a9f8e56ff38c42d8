import { buildSchema, graphql, type ExecutionResult, type GraphQLSchema } from 'graphql'
import { makeServer } from 'graphql-ws'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { WebSocketServer, type WebSocket } from 'ws'

const API_SCHEMA = fileURLToPath(new URL('../../../../schema/api.graphql', import.meta.url))

export interface StoredRun {
  id: string
  key: string
  tags: string[]
  text: string
  status: string
  output: object | null
  failure: null
  reviews: { proposal: object }[]
  workflow: { slug: string }
  durationMs: number
  lastSeq: number
}

interface StartRunsArguments {
  input: { workflow: string; items: { input: { text: string }; idempotencyKey: string; tags: string[] }[] }
}

const failure = (code: string, message: string, more: object = {}) =>
  Object.assign(new Error(message), { extensions: { code, ...more } })

/**
 * The other side of the protocol: a small server of the public schema over HTTP and WebSocket with a token endpoint, which keeps runs by
 * their keys and settles each as its text says (`auto:<intent>`, `ask:<intent>`, `stuck`).
 */
export class Platform {
  readonly runs = new Map<string, StoredRun>()
  readonly documents = new Map<string, Map<string, { text: string; label?: string }>>()
  readonly secret = 'a-secret-that-is-only-for-this-test'
  /** Bodies of the GraphQL requests that came. */
  readonly requests: string[] = []
  tokensGiven = 0
  /** How often a calibration is refused because another runs. */
  calibrationsInTheWay = 0
  /** Answers to give instead of executing, one a request. */
  readonly faults: ((response: ServerResponse) => void)[] = []
  /** Called for each GraphQL request before it is executed. */
  onRequest: () => void = () => {}
  changes: { cursor: string; kind: string; run: StoredRun }[] = []
  /** The entries of the audit trail, oldest first. */
  auditTrail: Record<string, unknown>[] = []
  /** By default what the trail says. */
  auditHead: { entries: number; head: string } | undefined
  readonly subscriptions: { after: string | null; authorization: string }[] = []
  #valid = new Set<string>()
  #sockets = new Set<WebSocket>()
  #schema: GraphQLSchema = buildSchema(readFileSync(API_SCHEMA, 'utf8'))
  #server: Server = createServer((request, response) => void this.#answer(request, response))

  static async start(): Promise<Platform> {
    const platform = new Platform()
    await new Promise<void>((resolve) => platform.#server.listen(0, '127.0.0.1', resolve))
    platform.#serveSockets()
    return platform
  }

  get url() {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** As if every token's time had come. */
  expireTokens() {
    this.#valid.clear()
  }

  dropSockets(code: number) {
    for (const socket of this.#sockets) socket.close(code)
  }

  async [Symbol.asyncDispose]() {
    this.#server.closeAllConnections()
    for (const socket of this.#sockets) socket.terminate()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #answer(request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    const reply = (status: number, value: unknown) =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    if (request.url === '/oidc/token') return reply(...this.#token(request.headers.authorization))
    this.onRequest()
    this.requests.push(body)
    const fault = this.faults.shift()
    if (fault) return fault(response)
    if (!this.#isValid(request.headers.authorization)) {
      return reply(401, { errors: [{ message: 'Sign in to do this.', extensions: { code: 'UNAUTHENTICATED' } }] })
    }
    const { query, variables } = JSON.parse(body) as { query: string; variables: Record<string, unknown> }
    reply(200, await this.#execute(query, variables))
  }

  #execute(source: string, variableValues: Record<string, unknown>): Promise<ExecutionResult> {
    return graphql({ schema: this.#schema, source, variableValues, rootValue: this.#root })
  }

  #isValid = (authorization: string | undefined) => this.#valid.has(authorization?.replace(/^Bearer /, '') ?? '')

  #token(authorization: string | undefined): [number, unknown] {
    const expected = `Basic ${Buffer.from(`signalbox-cli:${this.secret}`).toString('base64')}`
    if (authorization !== expected) return [401, { error: 'invalid_client' }]
    const token = randomUUID()
    this.#valid.add(token)
    this.tokensGiven += 1
    return [200, { access_token: token, token_type: 'Bearer', expires_in: 300 }]
  }

  #root = {
    startRuns: ({ input }: StartRunsArguments) => {
      if (input.workflow !== 'support-triage') throw failure('NOT_FOUND', 'There is no such workflow.')
      const refused = input.items.findIndex((item) => item.input.text === 'refuse me')
      if (refused !== -1) {
        const fields = [{ path: `items.${refused}.input.text`, message: 'is not wanted here' }]
        throw failure('BAD_USER_INPUT', 'The input does not fit.', { fields })
      }
      let created = 0
      const runs = input.items.map((item) => {
        const known = this.runs.get(item.idempotencyKey)
        if (known) return known
        created += 1
        const run = settled(item.idempotencyKey, item.input.text, item.tags)
        this.runs.set(run.key, run)
        return run
      })
      return { runs, created }
    },
    runs: ({ filter, first, after }: { filter: { tag?: string; status?: string[] }; first: number; after?: string }) => {
      const all = [...this.runs.values()].filter(
        (run) => (!filter.tag || run.tags.includes(filter.tag)) && (!filter.status || filter.status.includes(run.status)),
      )
      const from = Number(after ?? 0)
      const nodes = all.slice(from, from + first)
      return {
        nodes,
        totalCount: all.length,
        pageInfo: { hasNextPage: from + first < all.length, endCursor: String(from + nodes.length) },
      }
    },
    viewer: { organization: { id: '0190a000-0000-7000-8000-000000000001' } },
    auditIntegrity: () => this.auditHead ?? { entries: this.auditTrail.length, head: this.auditTrail.at(-1)?.['hash'] ?? null },
    auditEvents: ({ first, after }: { first: number; after?: string }) => {
      const from = Number(after ?? 0)
      const nodes = this.auditTrail.slice(from, from + first)
      const hasNextPage = from + nodes.length < this.auditTrail.length
      return { nodes, pageInfo: { hasNextPage, endCursor: String(from + nodes.length) } }
    },
    run: ({ id }: { id: string }) => [...this.runs.values()].find((run) => run.id === id) ?? null,
    knowledgeBases: () => [...this.documents.keys()].map(this.#base),
    createKnowledgeBase: ({ input }: { input: { name: string } }) => {
      if (!this.documents.has(input.name)) this.documents.set(input.name, new Map())
      return { knowledgeBase: this.#base(input.name) }
    },
    ingestDocuments: ({
      input,
    }: {
      input: { knowledgeBase: string; documents: { key: string; text: string; label?: string }[] }
    }) => {
      const base = this.documents.get(input.knowledgeBase)!
      const counts = { added: 0, updated: 0, unchanged: 0 }
      for (const { key, ...document } of input.documents) {
        const before = base.get(key)
        counts[before === undefined ? 'added' : JSON.stringify(before) === JSON.stringify(document) ? 'unchanged' : 'updated'] +=
          1
        base.set(key, document)
      }
      return { knowledgeBase: this.#base(input.knowledgeBase), ...counts }
    },
    knowledgeAnswers: ({ input }: { input: { knowledgeBase: string; texts: string[]; limit: number } }) =>
      input.texts.map((text) => {
        const labels = text.split(' ').filter((word) => word !== 'sure')
        const hits = labels.map((label, at) => ({ documentId: String(at), text: label, score: 1 / (at + 1), label }))
        const automatic = text.startsWith('sure')
        return { label: labels[0], confidence: automatic ? 0.9 : 0.1, automatic, hits: hits.slice(0, input.limit) }
      }),
    calibrateKnowledgeBase: ({ input }: { input: { knowledgeBase: string; targetPrecision: number } }) => {
      if (this.calibrationsInTheWay-- > 0) throw failure('CONFLICT', 'This knowledge base is being calibrated already.')
      this.#calibrated.set(input.knowledgeBase, input.targetPrecision)
      return { knowledgeBase: this.#base(input.knowledgeBase) }
    },
  }

  #calibrated = new Map<string, number>()

  #base = (name: string) => {
    const targetPrecision = this.#calibrated.get(name)
    const n = this.documents.get(name)!.size
    const found = { threshold: 0.4, targetPrecision, accuracy: 0.9, coverage: 0.8, precision: 0.96, n }
    return {
      name,
      documents: n,
      calibration: targetPrecision === undefined ? null : found,
      calibrationStatus: targetPrecision === undefined ? 'NONE' : 'READY',
    }
  }

  #serveSockets() {
    const server = makeServer({
      schema: this.#schema,
      onConnect: ({ connectionParams }) => this.#isValid(connectionParams?.['authorization'] as string | undefined),
      onSubscribe: (context, _id, { variables }) => {
        const after = (variables?.['after'] as string | undefined) ?? null
        this.subscriptions.push({ after, authorization: String(context.connectionParams?.['authorization']) })
      },
      roots: { subscription: { runsChanged: ({ after }: { after?: string }) => this.#changesAfter(after) } },
    })
    const sockets = new WebSocketServer({ server: this.#server, path: '/graphql' })
    sockets.on('connection', (socket) => {
      this.#sockets.add(socket)
      const closed = server.opened(
        {
          protocol: socket.protocol,
          send: (data) => new Promise((resolve, reject) => socket.send(data, (error) => (error ? reject(error) : resolve()))),
          close: (code, reason) => socket.close(code, reason),
          onMessage: (listener) => socket.on('message', (data: Buffer) => void listener(data.toString())),
        },
        {},
      )
      socket.once('close', (code, reason) => {
        this.#sockets.delete(socket)
        void closed(code, String(reason))
      })
    })
  }

  /** What changed after that cursor; then nothing more until the socket ends. */
  async *#changesAfter(after: string | undefined) {
    for (const change of this.changes) if (Number(change.cursor) > Number(after ?? 0)) yield { runsChanged: change }
    await new Promise((resolve) => setTimeout(resolve, 60_000).unref())
  }
}

export function settled(key: string, text: string, tags: string[] = []): StoredRun {
  const [how = '', intent = ''] = text.split(':')
  const status = how === 'ask' ? 'WAITING_FOR_REVIEW' : how === 'stuck' ? 'RUNNING' : how === 'fail' ? 'FAILED' : 'SUCCEEDED'
  return {
    id: randomUUID(),
    key,
    tags,
    text,
    status,
    output: status === 'SUCCEEDED' ? { intent, automated: true } : null,
    failure: null,
    reviews: how === 'ask' ? [{ proposal: { intent } }] : [],
    workflow: { slug: 'support-triage' },
    durationMs: 1_200,
    lastSeq: 9,
  }
}

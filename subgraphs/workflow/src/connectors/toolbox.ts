import { randomUUID } from 'node:crypto'
import type { MikroORM } from '@mikro-orm/postgresql'
import type { Egress } from '@signalbox/shared/egress'
import type { Logger } from '@signalbox/shared/logger'
import type { AccountAccess, AccountHeaders } from '../accounts/account-access.ts'
import { inTransaction, managersOf, type Transaction } from '../tenant.ts'
import type { ToolDescription, Tools } from '../engine/session.ts'
import type { Connector, ConnectorCall, Platform, Preview } from './connector.ts'
import { maskedRecord, withoutSecrets } from './masked-record.ts'
import { connectorOf } from './registry.ts'
import { schemaFault } from './schema-check.ts'
import { claimCall, findEarlier, hashOf, readCallback, settleCall, takeFromBucket, type Settlement } from './tool-call-store.ts'
import { ToolCallStatus } from './tool-call.type.ts'
import { isToolError, ToolError } from './tool-error.ts'
import { findTools, type UsableTool } from './tool-store.ts'

export interface ToolboxCall {
  organizationId: string
  /** Null: somebody tries the tool outside of a run. */
  runId: string | null
  node: string | null
  /** Its name. */
  tool: string
  arguments: Record<string, unknown>
  /** The same for every repetition of one effect. */
  idempotencyKey: string
  signal: AbortSignal
}

export interface ToolOutcome {
  result: Record<string, unknown>
  /** It was done by an earlier call with the same key, and was not done again. */
  replayed: boolean
}

export interface ToolboxParts {
  orm: MikroORM
  /** The way out for what organisations wrote. */
  egress: Egress
  accounts: AccountAccess
  platform: Platform
  log: Logger
}

interface Ready {
  tool: UsableTool
  connector: Connector
  call: ConnectorCall
  preview: Preview
}

/**
 * The tools of organisations. Each call is recorded before it is made and settled after; one that settled gives its result again and is
 * not made again. What nobody can know is said to be unknown, and is not repeated where the other side could not tell.
 */
export class Toolbox implements Tools {
  constructor(private readonly parts: ToolboxParts) {}

  /** @throws {ToolError} */
  async call(asked: ToolboxCall): Promise<ToolOutcome> {
    const ready = await this.#prepare(asked)
    const earlier = await this.#claim(asked, ready)
    if (earlier !== undefined) return { result: earlier, replayed: true }
    const started = performance.now()
    const settle = (settlement: Omit<Settlement, 'durationMs'>) =>
      this.#within(asked.organizationId, (transaction) =>
        settleCall(transaction, ready.call.callId, { ...settlement, durationMs: performance.now() - started }),
      )
    try {
      const { result, bytes } = await this.#perform(asked, ready)
      await settle({ status: ToolCallStatus.SUCCEEDED, answer: maskedRecord(result), result, error: null, bytes: bytes ?? null })
      return { result, replayed: false }
    } catch (error) {
      const known = isToolError(error)
        ? error
        : new ToolError('Something went wrong on our side.', { retryable: true, cause: error })
      const status = known.unknown ? ToolCallStatus.UNKNOWN : ToolCallStatus.FAILED
      // What cannot be noted stays STARTED: an unknown outcome.
      await settle({ status, answer: null, result: null, error: known.message, bytes: null }).catch((failure: unknown) =>
        this.parts.log.warn({ err: failure, callId: ready.call.callId }, 'a call of a tool was not settled'),
      )
      if (known !== error)
        this.parts.log.error({ err: error, tool: asked.tool, callId: ready.call.callId }, 'a tool failed unexpectedly')
      throw known
    }
  }

  /** What a call would send, as `result`; sends and records nothing. @throws {ToolError} for what could not be called */
  async dryRun(asked: ToolboxCall): Promise<ToolOutcome & { preview: Preview }> {
    const { preview } = await this.#prepare(asked)
    return { result: { dryRun: true, ...preview }, replayed: false, preview }
  }

  /** In the order of the names; those that are not there, are switched off or lead nowhere are left out. */
  async describe(organizationId: string, names: string[]): Promise<ToolDescription[]> {
    const tools = await this.#within(organizationId, (transaction) => findTools(transaction, names))
    const described = tools.map(async (tool) => {
      const { name, description, kind, settings, enabled } = tool
      const connector = enabled ? connectorOf(kind) : undefined
      if (connector === undefined) return []
      if ((await connector.isConnected?.(settings, organizationId, this.parts.platform)) === false) return []
      return [{ name, description, parameters: connector.parameters(settings), idempotent: isRepeatable(connector, tool) }]
    })
    return (await Promise.all(described)).flat()
  }

  /** What came later to a call that waits for an answer; undefined while nothing did. */
  answerOf(organizationId: string, tool: string, idempotencyKey: string): Promise<unknown> {
    return this.#within(organizationId, (transaction) => readCallback(transaction, tool, idempotencyKey))
  }

  async #prepare(asked: ToolboxCall): Promise<Ready> {
    const { organizationId, runId, tool: name, idempotencyKey } = asked
    const [tool] = await this.#within(organizationId, (transaction) => findTools(transaction, [name]))
    const connector = tool && connectorOf(tool.kind)
    if (tool === undefined || connector === undefined) throw refusal(`There is no tool "${name}".`)
    if (!tool.enabled) throw refusal(`The tool "${name}" is switched off.`)
    const fault = schemaFault(connector.parameters(tool.settings), asked.arguments)
    if (fault !== undefined) throw refusal(`The tool "${name}" was not called: ${fault.path || 'the data'} ${fault.message}.`)
    const call = {
      settings: tool.settings,
      arguments: asked.arguments,
      organizationId,
      runId,
      callId: randomUUID(),
      idempotencyKey,
    }
    return { tool, connector, call, preview: connector.dryRun(call) }
  }

  /** Records the call, or gives the result of an earlier one. */
  async #claim(asked: ToolboxCall, { tool, connector, call, preview }: Ready): Promise<Record<string, unknown> | undefined> {
    const { organizationId, runId, node, idempotencyKey } = asked
    const argumentsHash = hashOf(asked.arguments)
    const mayRepeat = isRepeatable(connector, tool)
    const request = maskedRecord(preview.request)
    return this.#within(organizationId, async (transaction) => {
      const record = { organizationId, runId, node, tool: tool.name, idempotencyKey, argumentsHash, request }
      const id = await claimCall(transaction, record, mayRepeat)
      if (id === undefined) return replay(await findEarlier(transaction, tool.name, idempotencyKey), argumentsHash)
      const wait = await takeFromBucket(transaction, organizationId, tool.name, tool.ratePerMinute)
      if (wait > 0) throw tooMany(tool, wait)
      call.callId = id
      return undefined
    })
  }

  async #perform(asked: ToolboxCall, { tool, connector, call }: Ready) {
    const { egress, accounts, platform } = this.parts
    const { headers, secrets }: AccountHeaders =
      tool.accountId === null
        ? { headers: {}, secrets: [] }
        : await accounts.headersFor(asked.organizationId, tool.accountId, connector.host?.(tool.settings) ?? null)
    const performed = await connector.perform(call, { egress, signal: asked.signal, headers, platform })
    return { ...performed, result: withoutSecrets(performed.result, secrets) }
  }

  #within<T>(organizationId: string, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return inTransaction(managersOf(this.parts.orm, organizationId).fork(), work)
  }
}

const isRepeatable = ({ idempotency, isRepeatable }: Connector, { settings }: UsableTool): boolean =>
  idempotency === 'key' || isRepeatable?.(settings) === true

function replay(earlier: Awaited<ReturnType<typeof findEarlier>>, argumentsHash: string): Record<string, unknown> {
  if (earlier?.argumentsHash !== argumentsHash) throw refusal('A call with the same key was made with other data.')
  if (earlier.status === ToolCallStatus.SUCCEEDED) return earlier.result ?? {}
  throw new ToolError(
    'An earlier try was sent, and nobody can say whether it was done. It is not sent again: please look at the other side.',
    {
      retryable: false,
      unknown: true,
    },
  )
}

const refusal = (message: string) => new ToolError(message, { retryable: false })

function tooMany({ name, ratePerMinute }: UsableTool, seconds: number): ToolError {
  const words = `The tool "${name}" may be called ${ratePerMinute} times a minute; the next time in ${Math.ceil(seconds)} s.`
  return new ToolError(words, { retryable: true, retryAfterMs: Math.ceil(seconds * 1_000) })
}

import { randomUUID } from 'node:crypto'
import { actorRef } from '@signalbox/shared/actor'
import type { Audit, AuditAction } from '@signalbox/shared/audit'
import type { EgressPolicy } from '@signalbox/shared/egress'
import { BadUserInputError, ConflictError, ForbiddenError, NotFoundError } from '@signalbox/shared/errors'
import { readAccounts } from '../accounts/account-store.ts'
import { checkId, type Tenant, type Transaction } from '../tenant.ts'
import type { Connector } from './connector.ts'
import { cutRecord, maskedRecord } from './masked-record.ts'
import { checkTool } from './tool-check.ts'
import { isToolError } from './tool-error.ts'
import type { SaveToolInput, TryToolInput } from './tool.inputs.ts'
import { forgetTrials } from './tool-call-store.ts'
import { findTools, readTools, removeTool, writeTool } from './tool-store.ts'
import type { Tool, ToolTrial } from './tool.type.ts'
import type { Toolbox } from './toolbox.ts'

/** Milliseconds for one try: the caller waits for it. */
const TRY_MS = 15_000

/** The active organisation's tools. */
export class ToolService {
  constructor(
    private readonly tenant: Tenant,
    private readonly toolbox: Toolbox,
    private readonly policy: EgressPolicy,
    private readonly audit: Audit,
  ) {}

  list(): Promise<Tool[]> {
    return this.tenant.transaction(readTools)
  }

  /** @throws {BadUserInputError} {NotFoundError} {ConflictError} when another has the name */
  async save(input: SaveToolInput): Promise<Tool> {
    const { connector, settings, description } = checkTool(input, this.policy)
    const { viewer } = this.tenant
    const by = actorRef(viewer)
    const accountId = input.accountId == null ? null : checkId(input.accountId, 'account')
    const row = {
      organizationId: viewer.organizationId,
      id: input.id == null ? randomUUID() : checkId(input.id, 'tool'),
      name: input.name,
      description,
      kind: input.kind,
      settings,
      accountId,
      ratePerMinute: input.ratePerMinute ?? connector.rateLimit,
      enabled: input.enabled,
      savedByKind: by.kind,
      savedById: by.id,
    }
    return this.tenant.transaction(async (transaction) => {
      if (input.id != null && !(await readTools(transaction)).some(({ id }) => id === input.id)) throw new NotFoundError('tool')
      if (accountId !== null) await checkAccountFits(transaction, accountId, connector, settings)
      const tool = await writeTool(transaction, row).catch((error: unknown) => {
        throw (error as { code?: string }).code === '23505' ? new ConflictError('Another tool has this name.', null) : error
      })
      await this.#record(transaction, 'tool.saved', tool)
      return tool
    })
  }

  /** @throws {NotFoundError} */
  remove(id: string): Promise<Tool> {
    return this.tenant.transaction(async (transaction) => {
      const tool = await removeTool(transaction, checkId(id, 'tool'))
      if (tool === undefined) throw new NotFoundError('tool')
      await this.#record(transaction, 'tool.deleted', tool)
      return tool
    })
  }

  /**
   * Calls a tool outside of any run, or says what it would send.
   * @throws {ForbiddenError} when it is for real and the caller does not administer the organisation; {NotFoundError} {BadUserInputError}
   */
  async try({ tool: name, arguments: given, dryRun }: TryToolInput): Promise<ToolTrial> {
    const { organizationId, scopes } = this.tenant.viewer
    if (!dryRun && !scopes.has('org:admin')) throw new ForbiddenError('Trying a tool for real needs the scope org:admin.')
    if (typeof given !== 'object' || given === null || Array.isArray(given))
      throw new BadUserInputError('A tool takes named values.', [{ path: 'input.arguments', message: 'must be an object' }])
    const found = await this.tenant.transaction((transaction) => findTools(transaction, [name]))
    if (found.length === 0) throw new NotFoundError('tool')
    const call = {
      organizationId,
      runId: null,
      node: null,
      tool: name,
      arguments: given as Record<string, unknown>,
      idempotencyKey: `try:${randomUUID()}`,
      signal: AbortSignal.timeout(TRY_MS),
    }
    const started = performance.now()
    const trial = await this.#outcome(call, dryRun).catch((error: unknown) => {
      if (!isToolError(error)) throw error
      return { succeeded: false, message: error.message, request: null, answer: null }
    })
    return { ...trial, durationMs: performance.now() - started }
  }

  async #outcome(call: Parameters<Toolbox['call']>[0], dryRun: boolean): Promise<Omit<ToolTrial, 'durationMs'>> {
    const { preview } = await this.toolbox.dryRun(call)
    // To who wrote the values and may read the settings; nothing of an account is in it.
    const request = cutRecord(preview.request)
    if (dryRun) return { succeeded: true, message: `${preview.summary} Nothing was sent.`, request, answer: null }
    const { result } = await this.toolbox.call(call)
    await this.tenant.transaction(async (transaction) => {
      await forgetTrials(transaction)
      const entry = { action: 'tool.tried', outcome: 'ALLOWED', details: { tool: call.tool } } as const
      await this.audit.record(transaction.em, call.organizationId, entry)
    })
    return { succeeded: true, message: 'It was done.', request, answer: maskedRecord(result) }
  }

  #record({ em }: Transaction, action: AuditAction, { organizationId, id, name, kind }: Tool): Promise<void> {
    const target = { type: 'Tool', id }
    return this.audit.record(em, organizationId, { action, outcome: 'ALLOWED', target, details: { name, kind } })
  }
}

async function checkAccountFits(
  transaction: Transaction,
  accountId: string,
  connector: Connector,
  settings: object,
): Promise<void> {
  const account = (await readAccounts(transaction)).find((stored) => stored.account.id === accountId)?.account
  if (account === undefined) throw new NotFoundError('account')
  const fault = (message: string) =>
    new BadUserInputError('The tool cannot be saved like this.', [{ path: 'input.accountId', message }])
  if (!connector.accounts.includes(account.kind)) throw fault(`${connector.title} cannot act for an account of this kind`)
  const host = connector.host?.(settings) ?? null
  if (host !== account.host && !host?.endsWith(`.${account.host}`))
    throw fault(`this account may be used with ${account.host} only`)
}

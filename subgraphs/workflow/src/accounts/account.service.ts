import { randomUUID } from 'node:crypto'
import { actorRef } from '@signalbox/shared/actor'
import type { Audit, AuditAction } from '@signalbox/shared/audit'
import { BadUserInputError, ConflictError, NotFoundError } from '@signalbox/shared/errors'
import { z } from 'zod'
import { SealedLinks } from '../connectors/sealed-link.ts'
import type { ConnectionParts } from '../credentials/credential.service.ts'
import { checkId, type Tenant, type Transaction } from '../tenant.ts'
import { checkAccount } from './account-check.ts'
import type { OAuthSecret } from './account-secret.ts'
import {
  beginAuthorization,
  lockAccount,
  openAccount,
  readAccounts,
  removeAccount,
  sealAccount,
  writeAccount,
  writeTokens,
  type StoredAccount,
} from './account-store.ts'
import type { CompleteAccountInput, SaveAccountInput } from './account.inputs.ts'
import { AccountKind, AccountState, type Account } from './account.type.ts'
import { authorizeUrl, exchangeCode, newVerifier, OAuthError } from './oauth.ts'

/** Milliseconds that somebody has to agree at the provider. */
const STATE_MS = 600_000
const PURPOSE = 'account authorization'

const stateShape = z.object({ accountId: z.string(), actorId: z.string(), nonce: z.string(), verifier: z.string() })

/** The address of the dashboard that providers return people to. */
export const returnUrl = (publicUrl: string): string => `${publicUrl.replace(/\/$/, '')}/settings/connections/authorized`

/** The active organisation's accounts at other services. */
export class AccountService {
  readonly #links: SealedLinks

  constructor(
    private readonly tenant: Tenant,
    private readonly parts: ConnectionParts,
    private readonly audit: Audit,
    private readonly publicUrl: string,
  ) {
    this.#links = new SealedLinks(parts.envelope)
  }

  get returnUrl(): string {
    return returnUrl(this.publicUrl)
  }

  async list(): Promise<Account[]> {
    return (await this.tenant.transaction(readAccounts)).map(({ account }) => account)
  }

  /** @throws {BadUserInputError} {NotFoundError} {ConflictError} when another has the name */
  async save(input: SaveAccountInput): Promise<Account> {
    const { name, host, hint, secret } = checkAccount(input, this.parts.policy)
    const { viewer } = this.tenant
    const { organizationId } = viewer
    const by = actorRef(viewer)
    const id = input.id == null ? randomUUID() : checkId(input.id, 'account')
    const sealed = await sealAccount(this.parts.envelope, { organizationId, id }, secret)
    const state = input.kind === AccountKind.HEADER ? AccountState.CONNECTED : AccountState.NEW
    const row = { organizationId, id, name, kind: input.kind, host, hint, state, savedByKind: by.kind, savedById: by.id }
    return this.#changing(async (transaction) => {
      if (input.id != null && (await lockAccount(transaction, id)) === undefined) throw new NotFoundError('account')
      const account = await writeAccount(transaction, row, sealed)
      await this.#record(transaction, 'account.saved', account)
      return account
    })
  }

  /** @throws {NotFoundError} {ConflictError} while a tool uses it */
  remove(id: string): Promise<Account> {
    return this.#changing(async (transaction) => {
      const account = await removeAccount(transaction, checkId(id, 'account'))
      if (account === undefined) throw new NotFoundError('account')
      await this.#record(transaction, 'account.deleted', account)
      return account
    })
  }

  /** Where the browser goes so that somebody agrees. @throws {NotFoundError} {BadUserInputError} when it needs no agreement */
  connect(id: string): Promise<{ account: Account; url: string }> {
    return this.tenant.transaction(async (transaction) => {
      const { stored, secret } = await this.#oauthAccount(transaction, checkId(id, 'account'))
      const { organizationId, actorId } = this.tenant.viewer
      const [nonce, verifier] = [randomUUID(), newVerifier()]
      const payload = { accountId: id, actorId, nonce, verifier }
      const state = await this.#links.seal(organizationId, PURPOSE, payload, new Date(Date.now() + STATE_MS))
      await beginAuthorization(transaction, id, nonce)
      return { account: stored.account, url: authorizeUrl(secret, this.returnUrl, state, verifier) }
    })
  }

  /**
   * Takes what the provider gave for tokens. The state counts once, for ten minutes, for who began, in the organisation where it began.
   * @throws {BadUserInputError} for any other state, and when the provider gives no token
   */
  async complete({ state, code }: CompleteAccountInput): Promise<Account> {
    const { organizationId, actorId } = this.tenant.viewer
    const { data } = stateShape.safeParse(await this.#links.open(organizationId, PURPOSE, state))
    if (data === undefined || data.actorId !== actorId) throw stale()
    return this.tenant.transaction(async (transaction) => {
      const stored = await lockAccount(transaction, data.accountId)
      if (stored === undefined || stored.pending !== data.nonce) throw stale()
      const { envelope, egress } = this.parts
      const secret = (await openAccount(envelope, stored)) as OAuthSecret
      const tokens = await exchangeCode(secret, egress, code, this.returnUrl, data.verifier).catch((error: unknown) => {
        if (!(error instanceof OAuthError)) throw error
        throw new BadUserInputError(error.message, [{ path: 'input.code', message: 'was not accepted' }])
      })
      const sealed = await sealAccount(envelope, stored.account, { ...secret, tokens })
      const account = await writeTokens(transaction, data.accountId, sealed, tokens.expiresAt)
      await this.#record(transaction, 'account.connected', account)
      return account
    })
  }

  async #oauthAccount(transaction: Transaction, id: string): Promise<{ stored: StoredAccount; secret: OAuthSecret }> {
    const stored = await lockAccount(transaction, id)
    if (stored === undefined) throw new NotFoundError('account')
    const secret = await openAccount(this.parts.envelope, stored)
    if (secret.kind === AccountKind.OAUTH2) return { stored, secret }
    throw new BadUserInputError('This account needs nobody to agree.', [{ path: 'input.id', message: 'is no OAuth 2.0 account' }])
  }

  #changing(work: (transaction: Transaction) => Promise<Account>): Promise<Account> {
    return this.tenant.transaction(work).catch((error: unknown) => {
      const { code } = error as { code?: string }
      if (code === '23505') throw new ConflictError('Another account has this name.', null)
      if (code === '23503') throw new ConflictError('A tool uses this account: give the tool another one first.', null)
      throw error
    })
  }

  #record({ em }: Transaction, action: AuditAction, { organizationId, id, kind, host }: Account): Promise<void> {
    return this.audit.record(em, organizationId, {
      action,
      outcome: 'ALLOWED',
      target: { type: 'Account', id },
      details: { kind, host },
    })
  }
}

const stale = () =>
  new BadUserInputError(
    'This answer of the provider does not belong to anything that you began here, or it came too late. Connect again.',
    [{ path: 'input.state', message: 'is not valid any more' }],
  )

import type { MikroORM } from '@mikro-orm/postgresql'
import type { Logger } from '@signalbox/shared/logger'
import type { ConnectionParts } from '../credentials/credential.service.ts'
import { ToolError } from '../connectors/tool-error.ts'
import { inTransaction, managersOf, type Transaction } from '../tenant.ts'
import type { OAuthSecret, OAuthTokens } from './account-secret.ts'
import {
  lockAccount,
  markAccountUsed,
  markAttention,
  openAccount,
  sealAccount,
  writeTokens,
  type StoredAccount,
} from './account-store.ts'
import { AccountKind, AccountState } from './account.type.ts'
import { OAuthError, refreshTokens } from './oauth.ts'

/** What a request carries for an account, and what of it may never be shown. */
export interface AccountHeaders {
  headers: Record<string, string>
  secrets: string[]
}

/** Tokens that end sooner than that are renewed first; milliseconds. */
const EARLY_MS = 60_000

/** Opens accounts for tools. Tokens are renewed under the row's lock: however many ask at once, the provider is asked once. */
export class AccountAccess {
  constructor(
    private readonly orm: MikroORM,
    private readonly parts: ConnectionParts,
    private readonly log: Logger,
  ) {}

  /**
   * @param host where the request goes
   * @throws {ToolError} when the account is not for that host, or is not connected
   */
  async headersFor(organizationId: string, accountId: string, host: string | null): Promise<AccountHeaders> {
    const outcome = await inTransaction(managersOf(this.orm, organizationId).fork(), async (transaction) => {
      const stored = await lockAccount(transaction, accountId)
      if (stored === undefined) return refusal('The account of this tool is not there any more.')
      const { account } = stored
      if (host === null || !isWithin(host, account.host))
        return refusal(`The account "${account.name}" may be used with ${account.host} only.`)
      return this.#open(transaction, stored)
    })
    // Thrown outside, so that what was noted stays.
    if (outcome instanceof ToolError) throw outcome
    return outcome
  }

  async #open(transaction: Transaction, stored: StoredAccount): Promise<AccountHeaders | ToolError> {
    const { account } = stored
    const secret = await openAccount(this.parts.envelope, stored)
    if (secret.kind === AccountKind.OAUTH2) {
      if (account.state !== AccountState.CONNECTED || secret.tokens === null)
        return refusal(`The account "${account.name}" has to be connected ${secret.tokens === null ? 'first' : 'again'}.`)
      const tokens = await this.#current(transaction, stored, secret, secret.tokens)
      if (tokens instanceof ToolError) return tokens
      await markAccountUsed(transaction, account.id)
      return { headers: { authorization: `Bearer ${tokens.accessToken}` }, secrets: [tokens.accessToken] }
    }
    await markAccountUsed(transaction, account.id)
    const { name, value } = secret
    // "Bearer x": the token by itself is the secret, too.
    return { headers: { [name.toLowerCase()]: value }, secrets: [value, ...value.split(' ').slice(1)] }
  }

  async #current(
    transaction: Transaction,
    { account }: StoredAccount,
    secret: OAuthSecret,
    tokens: OAuthTokens,
  ): Promise<OAuthTokens | ToolError> {
    const { expiresAt } = tokens
    if (expiresAt === null || expiresAt - EARLY_MS > Date.now()) return tokens
    try {
      const renewed = await refreshTokens(secret, this.parts.egress)
      const sealed = await sealAccount(this.parts.envelope, account, { ...secret, tokens: renewed })
      await writeTokens(transaction, account.id, sealed, renewed.expiresAt)
      return renewed
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error
      const { organizationId, id } = account
      this.log.warn({ organizationId, accountId: id, reason: error.message, final: error.final }, 'an account was not renewed')
      if (!error.final && expiresAt > Date.now()) return tokens
      if (error.final) await markAttention(transaction, id, error.message)
      const words = error.final ? 'has to be connected again' : 'could not be renewed just now'
      return new ToolError(`The account "${account.name}" ${words}. ${error.message}`, { retryable: !error.final, cause: error })
    }
  }
}

const refusal = (message: string) => new ToolError(message, { retryable: false })

const isWithin = (host: string, allowed: string) => host === allowed || host.endsWith(`.${allowed}`)

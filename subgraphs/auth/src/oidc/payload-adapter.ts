import type { MikroORM } from '@mikro-orm/postgresql'
import { errors, type Adapter, type AdapterPayload } from 'oidc-provider'
import type { Secrets } from '../keys/secrets.ts'

/**
 * Keeps what oidc-provider stores (codes, refresh tokens, grants, sessions, interactions) in one table that functions alone reach. Ids are
 * what the holder presents, so only keyed hashes of them are kept: a copy of the table opens nothing.
 */
export class PayloadAdapter implements Adapter {
  constructor(
    private readonly model: string,
    private readonly orm: MikroORM,
    private readonly secrets: Secrets,
  ) {}

  async upsert(id: string, whole: AdapterPayload, expiresIn?: number): Promise<void> {
    const { jti: _, ...payload } = whole
    await this.#execute('select auth.save_oidc_payload(?, ?, ?::jsonb, ?, ?, ?)', [
      this.model,
      this.#hash(id),
      JSON.stringify(payload),
      payload.grantId ?? null,
      payload.uid ?? null,
      expiresIn ?? null,
    ])
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const found = await this.#find(this.#hash(id), null)
    return found && { ...found, jti: id }
  }

  /** By the session's inner name, which opens nothing: what is found so carries no id. */
  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.#find(null, uid)
  }

  /** There is no device flow. */
  async findByUserCode(): Promise<undefined> {
    return undefined
  }

  /**
   * Uses a code or a refresh token up. Of many at once one succeeds; that there were many ends the grant, as a later reuse does.
   * @throws {errors.InvalidGrant} in the others
   */
  async consume(id: string): Promise<void> {
    const key = [this.model, this.#hash(id)]
    const [row] = await this.#execute<{ won: boolean }>('select auth.consume_oidc_payload(?, ?) as won', key)
    if (row?.won) return
    const grantId = (await this.find(id))?.grantId
    if (grantId) await this.revokeByGrantId(grantId)
    throw new errors.InvalidGrant('it was used already')
  }

  /** A grant ends with all that hangs on it. */
  async destroy(id: string): Promise<void> {
    if (this.model === 'Grant') await this.revokeByGrantId(id)
    await this.#execute('select auth.remove_oidc_payload(?, ?)', [this.model, this.#hash(id)])
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await this.#execute('select auth.end_oidc_grants(array[?])', [grantId])
  }

  async #find(id: string | null, uid: string | null): Promise<AdapterPayload | undefined> {
    const [row] = await this.#execute<{ payload: AdapterPayload | null }>('select auth.find_oidc_payload(?, ?, ?) as payload', [
      this.model,
      id,
      uid,
    ])
    return row?.payload ?? undefined
  }

  #hash = (id: string): string => this.secrets.tokenHash('oidc id', id).toString('base64url')

  #execute<R>(sql: string, values: unknown[]): Promise<R[]> {
    return this.orm.em.fork().execute<R[]>(sql, values)
  }
}

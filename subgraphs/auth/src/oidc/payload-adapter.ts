import type { MikroORM } from '@mikro-orm/postgresql'
import type { Adapter, AdapterPayload } from 'oidc-provider'

/** Keeps what oidc-provider stores (grants, codes, sessions, …) in one table, by model and id. */
export class PayloadAdapter implements Adapter {
  constructor(
    private readonly model: string,
    private readonly orm: MikroORM,
  ) {}

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    await this.#execute("delete from auth.oidc_payloads where expires_at < now() - interval '1 day'")
    await this.#execute(
      `insert into auth.oidc_payloads (model, id, payload, grant_id, user_code, uid, expires_at)
       values (?, ?, ?::jsonb, ?, ?, ?, now() + make_interval(secs => ?))
       on conflict (model, id) do update set payload = excluded.payload, grant_id = excluded.grant_id, user_code = excluded.user_code,
         uid = excluded.uid, expires_at = excluded.expires_at`,
      [
        this.model,
        id,
        JSON.stringify(payload),
        payload.grantId ?? null,
        payload.userCode ?? null,
        payload.uid ?? null,
        expiresIn ?? null,
      ],
    )
  }

  find(id: string) {
    return this.#findBy('id', id)
  }

  findByUserCode(userCode: string) {
    return this.#findBy('user_code', userCode)
  }

  findByUid(uid: string) {
    return this.#findBy('uid', uid)
  }

  async consume(id: string): Promise<void> {
    await this.#execute(
      `update auth.oidc_payloads set payload = payload || jsonb_build_object('consumed', extract(epoch from now())::bigint)
       where model = ? and id = ?`,
      [this.model, id],
    )
  }

  async destroy(id: string): Promise<void> {
    await this.#execute('delete from auth.oidc_payloads where model = ? and id = ?', [this.model, id])
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await this.#execute('delete from auth.oidc_payloads where grant_id = ?', [grantId])
  }

  async #findBy(column: 'id' | 'user_code' | 'uid', value: string): Promise<AdapterPayload | undefined> {
    const rows = await this.#execute<{ payload: AdapterPayload }>(
      `select payload from auth.oidc_payloads where model = ? and ${column} = ? and (expires_at is null or expires_at > now())`,
      [this.model, value],
    )
    return rows[0]?.payload
  }

  #execute<R>(sql: string, values: unknown[] = []): Promise<R[]> {
    return this.orm.em.fork().execute<R[]>(sql, values)
  }
}

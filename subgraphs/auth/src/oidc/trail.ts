import type { MikroORM } from '@mikro-orm/postgresql'
import { Audit, type AuditEntry } from '@signalbox/shared/audit'
import { randomUUID } from 'node:crypto'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { GrantAccount } from './grants.ts'
import type { ServiceClientMetadata } from './service-client-adapter.ts'
import { textOf } from './text.ts'

/** Entries of the audit trail about the token endpoint: what was issued, and what was refused and why. */
export class Trail {
  /** Why the provider refused a request: it keeps that from the client. */
  readonly #reasons = new WeakMap<KoaContextWithOIDC, string>()

  constructor(private readonly orm: MikroORM) {}

  /** Of the provider's `grant.error` and its like. */
  note = (ctx: KoaContextWithOIDC, error: Error): void => {
    const { error_detail: detail, error_description: description } = error as {
      error_detail?: string
      error_description?: string
    }
    this.#reasons.set(ctx, detail ?? description ?? error.message)
  }

  /** Koa middleware. */
  record = async (ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    await next()
    if (ctx.method !== 'POST' || !ctx.path.startsWith('/token') || ctx.status >= 500) return
    if (ctx.status >= 400) await this.#refused(ctx)
    else if (ctx.path === '/token') await this.#issued(ctx)
  }

  tooMany = (ctx: KoaContextWithOIDC): Promise<void> =>
    this.#write(ctx, null, { action: 'rate.limited', outcome: 'DENIED', details: { endpoint: ctx.path } }, null)

  #issued(ctx: KoaContextWithOIDC) {
    const { client, account } = ctx.oidc
    const { service_client_id: id, organization_id: own } = client as unknown as ServiceClientMetadata
    const person = account as GrantAccount | undefined
    const { scope } = ctx.body as { scope?: string }
    return this.#write(
      ctx,
      person?.rights.organizationId ?? own,
      {
        action: 'token.issued',
        outcome: 'ALLOWED',
        target: { type: 'ServiceClient', id },
        details: { grant: textOf(ctx.oidc.params?.['grant_type']), scope: scope ?? '' },
      },
      person ? { kind: 'USER', id: person.accountId } : { kind: 'SERVICE_CLIENT', id },
    )
  }

  async #refused(ctx: KoaContextWithOIDC) {
    // A request that the provider never got to look at has no such context.
    const { oidc } = ctx as Partial<KoaContextWithOIDC>
    const reason = this.#reasons.get(ctx) ?? ''
    const client = oidc?.client as unknown as ServiceClientMetadata | undefined
    const { error } = (ctx.body ?? {}) as { error?: string }
    const grant = (textOf(oidc?.params?.['grant_type']) || ctx.path.slice('/token/'.length)).slice(0, 60)
    const isReuse = /used already|already used|already consumed/.test(reason)
    const former = client ? undefined : await this.#former(clientIdOf(ctx))
    const id = client?.service_client_id ?? former?.id
    const actor = id === undefined ? null : { kind: 'SERVICE_CLIENT', id }
    const why = former?.revoked ? 'revoked' : reason.slice(0, 200)
    const details = { error: error ?? String(ctx.status), reason: why, grant }
    const target = id === undefined ? {} : { target: { type: 'ServiceClient', id } }
    const organizationId = client?.organization_id ?? former?.organization_id ?? null
    const action = isReuse && grant === 'refresh_token' ? 'refresh.reused' : 'token.refused'
    await this.#write(ctx, organizationId, { action, outcome: 'DENIED', ...target, details }, actor)
  }

  /** Of a client that is revoked or expired: its organisation wants to know. */
  async #former(clientId: string | undefined): Promise<FormerClient | undefined> {
    if (clientId === undefined) return undefined
    const sql = 'select id, organization_id, revoked from auth.organization_of_client(?)'
    const [row] = await this.orm.em.fork().execute<FormerClient[]>(sql, [clientId.slice(0, 100)])
    return row
  }

  #write(ctx: KoaContextWithOIDC, organizationId: string | null, entry: AuditEntry, actor: { kind: string; id: string } | null) {
    const requestId = String(ctx.headers['x-request-id'] ?? randomUUID())
    const operation = `oidc${ctx.path.replaceAll('/', '.')}`
    const audit = Audit.of({ viewer: null, requestId, headers: { ...ctx.headers, 'x-signalbox-operation': operation } })
    return audit.record(this.orm.em.fork(), organizationId, entry, actor)
  }
}

interface FormerClient {
  id: string
  organization_id: string
  /** Or past its end. */
  revoked: boolean
}

/** As whom a request speaks that the provider knew nobody for: in the body, or by HTTP Basic (RFC 6749, 2.3.1). */
function clientIdOf(ctx: KoaContextWithOIDC): string | undefined {
  const { oidc } = ctx as Partial<KoaContextWithOIDC>
  const named = oidc?.params?.['client_id']
  if (typeof named === 'string') return named.replaceAll('\0', '')
  const basic = /^Basic ([\w+/=-]{1,2000})$/i.exec(String(ctx.headers['authorization'] ?? ''))?.[1]
  if (basic === undefined) return undefined
  const [id = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':')
  try {
    return decodeURIComponent(id.replaceAll('+', ' ')).replaceAll('\0', '') || undefined
  } catch {
    return undefined
  }
}
